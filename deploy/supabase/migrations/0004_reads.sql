-- What the API shows, read in one round trip each, by index at any size; and the small notes the
-- reconciler makes beside a state.

-- Places in the queue before this session, whether it waits already or is only about to.
create function public.session_queue_ahead(p_session uuid) returns bigint
language sql stable security definer set search_path = '' as $$
  select count(*) from public.sessions q, public.sessions me
  where me.id = p_session and q.queued_at is not null and q.id <> me.id
    and (q.queued_at, q.id) < (coalesce(me.queued_at, now()), me.id)
$$;

-- A user's projects, newest change first, each with its live or last session.
create function public.project_page(
  p_user uuid, p_project uuid default null, p_is_deleted boolean default false,
  p_search text default null, p_before_at timestamptz default null, p_before_id uuid default null,
  p_limit integer default 100
) returns table (project jsonb, session jsonb, queue_position bigint)
language sql stable security definer set search_path = '' as $$
  select to_jsonb(p), to_jsonb(s),
    case when s.queued_at is not null then public.session_queue_position(s.id) end
  from public.projects p
  left join lateral (
    select * from public.sessions
    where project_id = p.id order by created_at desc, id limit 1
  ) s on true
  where p.user_id = p_user
    and (p_project is null or p.id = p_project)
    and (p.deleted_at is not null) = p_is_deleted
    and (p_search is null or strpos(lower(p.name), lower(p_search)) > 0)
    and (p_before_at is null or (p.updated_at, p.id) < (p_before_at, p_before_id))
  order by p.updated_at desc, p.id desc
  limit p_limit
$$;

-- Sessions with what of their project a view needs. p_user null: everybody's, for administrators.
create function public.session_page(
  p_user uuid default null, p_session uuid default null, p_project uuid default null,
  p_is_live boolean default false, p_before_at timestamptz default null,
  p_before_id uuid default null, p_limit integer default 100
) returns table (session jsonb, project jsonb, queue_position bigint)
language sql stable security definer set search_path = '' as $$
  select to_jsonb(s),
    jsonb_build_object('slug', p.slug, 'idle_stop_ms', p.idle_stop_ms),
    case when s.queued_at is not null then public.session_queue_position(s.id) end
  from public.sessions s join public.projects p on p.id = s.project_id
  where (p_user is null or s.user_id = p_user)
    and (p_session is null or s.id = p_session)
    and (p_project is null or s.project_id = p_project)
    and (not p_is_live or s.status in ('requested', 'placing', 'starting', 'ready', 'saving'))
    and (p_before_at is null or (s.created_at, s.id) < (p_before_at, p_before_id))
  order by s.created_at desc, s.id desc
  limit p_limit
$$;

create function public.session_counts() returns table (status text, count bigint)
language sql stable security definer set search_path = '' as $$
  select status, count(*) from public.sessions
  where status in ('requested', 'placing', 'starting', 'ready', 'saving') group by status
$$;

-- The host accepted the start command under this boot id.
create function public.session_note_boot(p_session uuid, p_epoch bigint, p_boot uuid)
returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set boot_id = p_boot
  where s.id = p_session and s.epoch = p_epoch and public.session_is_live(s.status)
    and s.boot_id is distinct from p_boot
  returning s.*
$$;

-- The files on the machine are the same as the head's: that is as good as saved.
create function public.session_note_saved(p_session uuid, p_epoch bigint)
returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set last_saved_at = now()
  where s.id = p_session and s.epoch = p_epoch
  returning s.*
$$;

-- A lease is renewed for a run that is still wanted on that host. One that was given up (failed,
-- lost, placed anew) is not: its host is told so, saves what it has and lets go.
create or replace function public.lease_renew(p_host text, p_sessions jsonb, p_lease_ms bigint)
returns table (session uuid, is_held boolean)
language plpgsql security definer set search_path = '' as $$
begin
  return query
    with asked as (
      select (item ->> 'session')::uuid as session, (item ->> 'epoch')::bigint as epoch
      from jsonb_array_elements(p_sessions) as item
    ), held as (
      update public.projects p set lease_until = now() + p_lease_ms * interval '1 ms'
      from asked a join public.sessions s on s.id = a.session
      where p.lease_session = a.session and p.lease_epoch = a.epoch and p.lease_host = p_host
        and s.epoch = a.epoch and s.status in ('starting', 'ready', 'saving')
      returning a.session
    )
    select a.session, exists (select 1 from held h where h.session = a.session) from asked a;
end $$;

-- Whether the run's host can no longer hold the project: its machine is paused by now.
create function public.lease_is_over(p_session uuid, p_epoch bigint) returns boolean
language sql stable security definer set search_path = '' as $$
  select not exists (
    select 1 from public.projects
    where lease_session = p_session and lease_epoch = p_epoch and lease_until >= now()
  )
$$;

do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public'
      and p.proname ~ '^(session|lease|head|project|archive)_'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;

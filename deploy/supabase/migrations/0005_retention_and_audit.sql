-- What is kept, what goes, and who did what.

-- Two phases: an archive is doomed first, in the same breath as its project is looked at, and only
-- removed from storage after a grace. Whatever still counts on it by then has said so.
alter table public.archives drop constraint archives_status_check;
alter table public.archives add constraint archives_status_check
  check (status in ('pending', 'head', 'earlier', 'recovery', 'doomed'));
alter table public.archives add column doomed_at timestamptz;
create index archives_doomed on public.archives (doomed_at) where status = 'doomed';
create index archives_pending on public.archives (created_at) where status = 'pending';
create index projects_deleted on public.projects (deleted_at) where deleted_at is not null;

-- Dooms what nobody needs: earlier heads beyond the newest p_keep of a project, uploads that were
-- never made final, and everything of projects whose time to be brought back is over.
create function public.archive_doom(
  p_keep integer, p_pending_ms bigint, p_undelete_ms bigint
) returns integer language plpgsql security definer set search_path = '' as $$
declare
  v_count integer;
begin
  with ranked as (
    select id, row_number() over (partition by project_id order by epoch desc, seq desc) as place
    from public.archives where status = 'earlier'
  ), gone as (
    select id from public.projects
    where deleted_at < now() - p_undelete_ms * interval '1 ms'
  ), doomed as (
    update public.archives a set status = 'doomed', doomed_at = now()
    where (a.status = 'earlier' and exists (
             select 1 from ranked r where r.id = a.id and r.place > p_keep))
       or (a.status = 'pending' and a.created_at < now() - p_pending_ms * interval '1 ms')
       or (a.status <> 'doomed' and a.project_id in (select id from gone))
    returning a.id
  )
  select count(*) into v_count from doomed;
  return v_count;
end $$;

-- Doomed long enough that no commit, restore or download of before can still count on them.
create function public.archive_due(p_grace_ms bigint, p_limit integer)
returns setof public.archives language sql stable security definer set search_path = '' as $$
  select * from public.archives
  where status = 'doomed' and doomed_at < now() - p_grace_ms * interval '1 ms'
  order by doomed_at limit p_limit
$$;

-- Forgets archives whose objects are gone, and projects of which nothing is left.
create function public.archive_forget(p_ids uuid[], p_undelete_ms bigint) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_count integer;
begin
  delete from public.archives where id = any (p_ids) and status = 'doomed';
  get diagnostics v_count = row_count;
  delete from public.projects p
  where p.deleted_at < now() - p_undelete_ms * interval '1 ms'
    and not exists (select 1 from public.archives a where a.project_id = p.id)
    and not exists (select 1 from public.sessions s
                    where s.project_id = p.id and public.session_is_live(s.status));
  return v_count;
end $$;

-- An upload that is asked for again is wanted again.
create or replace function public.archive_expect(
  p_session uuid, p_host text, p_epoch bigint, p_seq bigint, p_path text,
  p_sha256 text, p_bytes bigint, p_format text
) returns setof public.archives language plpgsql security definer set search_path = '' as $$
declare
  v_session public.sessions;
begin
  select * into v_session from public.sessions
    where id = p_session and (host_id = p_host) and epoch >= p_epoch;
  if not found then
    raise exception 'SESSION_UNKNOWN' using errcode = 'PT404';
  end if;
  insert into public.archives
    (project_id, user_id, session_id, epoch, seq, path, sha256, bytes, format, status)
    values (v_session.project_id, v_session.user_id, p_session, p_epoch, p_seq, p_path,
            p_sha256, p_bytes, p_format, 'pending')
    on conflict (path) do update
      set status = 'pending', doomed_at = null, created_at = now()
      where archives.status = 'doomed' and archives.committed_at is null;
  return query select * from public.archives where path = p_path;
end $$;

-- A doomed upload is not made final any more: its object may be gone the next moment.
create or replace function public.head_commit(
  p_session uuid, p_epoch bigint, p_seq bigint, p_path text,
  p_entries bigint, p_unpacked_bytes bigint, p_is_checkpoint boolean
) returns text language plpgsql security definer set search_path = '' as $$
declare
  v_archive public.archives;
  v_project public.projects;
begin
  select * into v_archive from public.archives
    where path = p_path and session_id = p_session and epoch = p_epoch and seq = p_seq;
  if not found then
    raise exception 'VERSION_NOT_FOUND' using errcode = 'PT404';
  end if;
  select * into v_project from public.projects where id = v_archive.project_id for update;
  select * into v_archive from public.archives where id = v_archive.id for update;
  if not found or v_archive.status = 'doomed' then
    raise exception 'VERSION_NOT_FOUND' using errcode = 'PT404';
  end if;
  if v_archive.status in ('head', 'earlier') then return 'head'; end if;
  if v_archive.status = 'recovery' then return 'recovery'; end if;

  if v_project.lease_epoch <> p_epoch or v_project.lease_session is distinct from p_session
     or (coalesce(v_project.head_epoch, 0), coalesce(v_project.head_seq, 0)) >= (p_epoch, p_seq) then
    update public.archives set status = 'recovery', committed_at = now(), entries = p_entries,
      unpacked_bytes = p_unpacked_bytes, is_checkpoint = p_is_checkpoint where id = v_archive.id;
    update public.projects set revision = revision + 1 where id = v_project.id;
    return 'recovery';
  end if;

  update public.archives set status = 'earlier'
    where project_id = v_project.id and status = 'head';
  update public.archives set status = 'head', committed_at = now(), entries = p_entries,
    unpacked_bytes = p_unpacked_bytes, is_checkpoint = p_is_checkpoint where id = v_archive.id;
  update public.projects set
      head_epoch = p_epoch, head_seq = p_seq, head_path = p_path,
      head_sha256 = v_archive.sha256, head_bytes = v_archive.bytes, head_entries = p_entries,
      head_format = v_archive.format, head_saved_at = now()
    where id = v_project.id;
  update public.sessions set last_saved_at = now() where id = p_session;
  return 'head';
end $$;

-- A version can be restored while it is listed; a doomed one is not listed any more.
create or replace function public.head_restore(p_project uuid, p_user uuid, p_archive uuid)
returns setof public.projects language plpgsql security definer set search_path = '' as $$
declare
  v_project public.projects;
  v_archive public.archives;
begin
  select * into v_project from public.projects
    where id = p_project and user_id = p_user and deleted_at is null for update;
  if not found then raise exception 'PROJECT_NOT_FOUND' using errcode = 'PT404'; end if;
  if exists (select 1 from public.sessions
             where project_id = p_project and public.session_is_live(status)) then
    raise exception 'SESSION_LIVE' using errcode = 'PT409';
  end if;
  select * into v_archive from public.archives
    where id = p_archive and project_id = p_project
      and status in ('head', 'earlier', 'recovery') for update;
  if not found then raise exception 'VERSION_NOT_FOUND' using errcode = 'PT404'; end if;

  update public.archives set status = 'earlier' where project_id = p_project and status = 'head';
  update public.archives set status = 'head' where id = p_archive;
  update public.projects set
      lease_epoch = lease_epoch + 1, head_epoch = lease_epoch + 1, head_seq = 1,
      head_path = v_archive.path, head_sha256 = v_archive.sha256, head_bytes = v_archive.bytes,
      head_entries = v_archive.entries, head_format = v_archive.format,
      head_saved_at = v_archive.committed_at
    where id = p_project;
  return query select * from public.projects where id = p_project;
end $$;

-- Work that one copy of the orchestrator does for all: whoever holds the chore.
create table public.chores (
  name text primary key,
  holder text,
  held_until timestamptz not null default now(),
  done_at timestamptz
);
alter table public.chores enable row level security;
revoke all on public.chores from anon, authenticated, public;
grant all on public.chores to service_role;

-- True for one caller in p_every_ms.
create function public.chore_claim(p_name text, p_holder text, p_every_ms bigint) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.chores (name) values (p_name) on conflict (name) do nothing;
  update public.chores set holder = p_holder, held_until = now() + p_every_ms * interval '1 ms',
    done_at = now()
  where name = p_name and held_until <= now();
  return found;
end $$;

-- Append-only: what happened, to whom it belongs, and who asked for it.
create table public.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  user_id uuid not null,
  actor_id uuid,
  action text not null,
  project_id uuid,
  session_id uuid,
  host_id text,
  details jsonb not null default '{}'
);
create index audit_of_user on public.audit (user_id, at desc, id desc);
create index audit_of_project on public.audit (project_id, at desc, id desc);

create function public.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end $$;
create trigger audit_is_append_only before update or delete on public.audit
  for each row execute function public.refuse_change();

create function public.audit_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and new.status = old.status then return null; end if;
  insert into public.audit (user_id, action, project_id, session_id, host_id, details)
  values (new.user_id, 'session.' || new.status, new.project_id, new.id, new.host_id,
    jsonb_strip_nulls(jsonb_build_object(
      'from', case when tg_op = 'UPDATE' then old.status end,
      'epoch', new.epoch, 'reason', coalesce(new.end_reason, new.stop_reason),
      'code', new.failure ->> 'code')));
  return null;
end $$;
create trigger audit_session after insert or update of status on public.sessions
  for each row execute function public.audit_session();

create function public.audit_project() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_action text;
begin
  v_action := case
    when tg_op = 'INSERT' then 'project.created'
    when new.deleted_at is not null and old.deleted_at is null then 'project.deleted'
    when new.deleted_at is null and old.deleted_at is not null then 'project.brought_back'
    when new.head_path is distinct from old.head_path then 'project.saved'
    when new.name is distinct from old.name then 'project.renamed'
  end;
  if v_action is null then return null; end if;
  insert into public.audit (user_id, action, project_id, details)
  values (new.user_id, v_action, new.id,
    jsonb_strip_nulls(jsonb_build_object('name', new.name, 'epoch', new.head_epoch)));
  return null;
end $$;
create trigger audit_project
  after insert or update of deleted_at, name, head_path on public.projects
  for each row execute function public.audit_project();

-- What an administrator did to a host: nobody's project, so it is the administrator's own record.
create function public.audit_note(p_actor uuid, p_action text, p_host text) returns void
language sql security definer set search_path = '' as $$
  insert into public.audit (user_id, actor_id, action, host_id)
  values (p_actor, p_actor, p_action, p_host)
$$;

create function public.audit_page(
  p_user uuid, p_project uuid default null, p_before bigint default null,
  p_limit integer default 100
) returns setof public.audit language sql stable security definer set search_path = '' as $$
  select * from public.audit
  where user_id = p_user and (p_project is null or project_id = p_project)
    and (p_before is null or id < p_before)
  order by id desc limit p_limit
$$;

alter table public.audit enable row level security;
create policy audit_own on public.audit for select to authenticated
  using (user_id = (select auth.uid()));
revoke all on public.audit from anon, authenticated, public;
-- Hosts stay nobody's business.
grant select (id, at, user_id, actor_id, action, project_id, session_id, details)
  on public.audit to authenticated;
grant select, insert on public.audit to service_role;

do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public'
      and p.proname ~ '^(session|lease|head|project|archive|chore|audit)_'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;

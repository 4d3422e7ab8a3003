-- Everything that must happen at once. The database's clock is the only clock here.
-- Errors carry SQLSTATE PTnnn, which PostgREST turns into HTTP status nnn; the message is the
-- stable error code of proto.

create function public.session_is_live(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('requested', 'placing', 'starting', 'ready', 'saving')
$$;

-- The state machine again, where it is enforced. A test compares it with proto's table.
create function public.session_may_move(p_from text, p_to text) returns boolean
language sql immutable as $$
  select (p_from, p_to) in (
    ('requested', 'placing'), ('requested', 'stopped'), ('requested', 'failed'),
    ('placing', 'starting'), ('placing', 'stopped'), ('placing', 'failed'),
    ('starting', 'ready'), ('starting', 'placing'), ('starting', 'saving'),
    ('starting', 'stopped'), ('starting', 'failed'), ('starting', 'lost'),
    ('ready', 'saving'), ('ready', 'stopped'), ('ready', 'failed'), ('ready', 'lost'),
    ('saving', 'stopped'), ('saving', 'failed'), ('saving', 'lost')
  )
$$;

-- Opens a project: its live session, or a new one under the id given. The caller knows which by
-- comparing ids. Many callers at once get the same one.
create function public.session_request(
  p_session uuid, p_project uuid, p_user uuid,
  p_sessions_max integer, p_memory_mib_max integer,
  p_deadline_ms bigint, p_traceparent text default null
) returns setof public.sessions language plpgsql security definer set search_path = '' as $$
declare
  v_project public.projects;
  v_session public.sessions;
  v_count integer;
  v_memory bigint;
begin
  -- Serialises the limits of one user; taken before the project's row, always in this order.
  perform pg_advisory_xact_lock(hashtextextended('user:' || p_user::text, 0));
  select * into v_project from public.projects
    where id = p_project and user_id = p_user and deleted_at is null for update;
  if not found then
    raise exception 'PROJECT_NOT_FOUND' using errcode = 'PT404';
  end if;

  select * into v_session from public.sessions
    where project_id = p_project and public.session_is_live(status);
  if found then
    return next v_session;
    return;
  end if;

  select count(*), coalesce(sum(memory_mib), 0) into v_count, v_memory
    from public.sessions where user_id = p_user and public.session_is_live(status);
  if v_count >= p_sessions_max then
    raise exception 'LIMIT_SESSIONS' using errcode = 'PT429';
  end if;
  if v_memory + v_project.memory_mib > p_memory_mib_max then
    raise exception 'LIMIT_MEMORY' using errcode = 'PT429';
  end if;

  return query insert into public.sessions
    (id, project_id, user_id, cpu_count, memory_mib, disk_mib, deadline_at, traceparent)
    values (p_session, p_project, p_user, v_project.cpu_count, v_project.memory_mib,
            v_project.disk_mib, now() + p_deadline_ms * interval '1 ms', p_traceparent)
    returning *;
end $$;

-- Moves a session along an edge of the machine, if it still is where the caller saw it.
-- No row: somebody else was first. p_patch may set the columns named below and no other.
create function public.session_move(
  p_session uuid, p_from text, p_to text,
  p_epoch bigint default null, p_deadline_ms bigint default null, p_patch jsonb default '{}'
) returns setof public.sessions language plpgsql security definer set search_path = '' as $$
declare
  v_ends boolean := not public.session_is_live(p_to);
begin
  if not public.session_may_move(p_from, p_to) then
    raise exception 'no edge from % to %', p_from, p_to using errcode = 'PT400';
  end if;
  return query
    update public.sessions s set
      status = p_to,
      deadline_at = case when p_deadline_ms is null then null
                         else now() + p_deadline_ms * interval '1 ms' end,
      wake_at = now(),
      queued_at = null,
      boot_id = coalesce((p_patch ->> 'boot_id')::uuid, s.boot_id),
      ip_address = coalesce(p_patch ->> 'ip_address', s.ip_address),
      ready_at = case when p_to = 'ready' then coalesce(s.ready_at, now()) else s.ready_at end,
      last_activity_at = case when p_to = 'ready' then now() else s.last_activity_at end,
      ended_at = case when v_ends then now() else s.ended_at end,
      stop_mode = coalesce(p_patch ->> 'stop_mode', s.stop_mode),
      stop_reason = coalesce(p_patch ->> 'stop_reason', s.stop_reason),
      end_reason = coalesce(p_patch ->> 'end_reason', s.end_reason),
      failure = coalesce(p_patch -> 'failure', s.failure)
    where s.id = p_session and s.status = p_from
      and (p_epoch is null or s.epoch = p_epoch)
    returning s.*;
  -- The lease of a run that ended cleanly is free at once; one that failed or is lost runs out,
  -- since its machine may still be there.
  if found and p_to = 'stopped' then
    update public.projects set lease_until = null, lease_host = null
      where lease_session = p_session;
  end if;
end $$;

-- Gives a placing session to a host, under a new epoch. No row: not placing any more, or another
-- host may still be running this project.
create function public.session_place(
  p_session uuid, p_host text, p_lease_ms bigint, p_grace_ms bigint, p_deadline_ms bigint
) returns setof public.sessions language plpgsql security definer set search_path = '' as $$
declare
  v_project uuid;
  v_epoch bigint;
begin
  select project_id into v_project from public.sessions
    where id = p_session and status = 'placing';
  if not found then return; end if;

  update public.projects set
      lease_epoch = lease_epoch + 1,
      lease_host = p_host,
      lease_session = p_session,
      lease_until = now() + p_lease_ms * interval '1 ms'
    where id = v_project
      and (lease_until is null or lease_until + p_grace_ms * interval '1 ms' < now())
    returning lease_epoch into v_epoch;
  if not found then return; end if;

  return query
    update public.sessions s set
      status = 'starting', epoch = v_epoch, host_id = p_host, boot_id = null, ip_address = null,
      attempts = s.attempts + 1, queued_at = null, wake_at = now(),
      deadline_at = now() + p_deadline_ms * interval '1 ms'
    where s.id = p_session and s.status = 'placing'
    returning s.*;
end $$;

-- Takes a lease back from a host that is known to run nothing of this epoch: it refused the
-- command, or it said that the machine is gone.
create function public.lease_release(p_session uuid, p_epoch bigint) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.projects set lease_until = null, lease_host = null
    where lease_session = p_session and lease_epoch = p_epoch;
  return found;
end $$;

-- Renews the leases a host still holds. p_sessions: [{"session": …, "epoch": …}].
create function public.lease_renew(p_host text, p_sessions jsonb, p_lease_ms bigint)
returns table (session uuid, is_held boolean)
language plpgsql security definer set search_path = '' as $$
begin
  return query
    with asked as (
      select (item ->> 'session')::uuid as session, (item ->> 'epoch')::bigint as epoch
      from jsonb_array_elements(p_sessions) as item
    ), held as (
      update public.projects p set lease_until = now() + p_lease_ms * interval '1 ms'
      from asked a
      where p.lease_session = a.session and p.lease_epoch = a.epoch and p.lease_host = p_host
      returning a.session
    )
    select a.session, exists (select 1 from held h where h.session = a.session) from asked a;
end $$;

-- Up to p_limit sessions whose time has come, claimed for p_ms by one copy of the reconciler.
create function public.session_claim_due(p_driver text, p_limit integer, p_ms bigint)
returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set
    driver = p_driver, driver_until = now() + p_ms * interval '1 ms',
    wake_at = now() + p_ms * interval '1 ms'
  where s.id in (
    select id from public.sessions
    where public.session_is_live(status) and wake_at <= now()
      and status in ('requested', 'placing', 'starting', 'ready', 'saving')
      and (driver_until is null or driver_until < now())
    order by wake_at
    limit p_limit
    for update skip locked
  )
  returning s.*
$$;

-- The same for one session that just changed. No row: another copy is at it.
create function public.session_claim(p_session uuid, p_driver text, p_ms bigint)
returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set
    driver = p_driver, driver_until = now() + p_ms * interval '1 ms',
    wake_at = now() + p_ms * interval '1 ms'
  where s.id = p_session and public.session_is_live(s.status)
    and (s.driver_until is null or s.driver_until < now())
  returning s.*
$$;

-- Lets go of a claim and says when to look again.
create function public.session_unclaim(p_session uuid, p_driver text, p_wake_in_ms bigint)
returns void language sql security definer set search_path = '' as $$
  update public.sessions set
    driver = null, driver_until = null,
    -- A claim pushes wake_at ahead; if it lies behind again, somebody asked for a look meanwhile.
    wake_at = case when wake_at <= now() then wake_at
                   else now() + p_wake_in_ms * interval '1 ms' end
  where id = p_session and driver = p_driver
$$;

-- Asks the reconciler to look now.
create function public.session_wake(p_session uuid) returns void
language sql security definer set search_path = '' as $$
  update public.sessions set wake_at = now()
  where id = p_session and public.session_is_live(status)
$$;

-- Writes down what a live session wants next: to be stopped, and how. The first wish stays,
-- except that a discard asked for explicitly wins over a save that has not begun.
create function public.session_want_stop(p_session uuid, p_mode text, p_reason text)
returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set
    stop_mode = case when s.stop_mode is null or s.status in ('requested', 'placing', 'starting', 'ready')
                     then p_mode else s.stop_mode end,
    stop_reason = coalesce(s.stop_reason, p_reason),
    wake_at = now()
  where s.id = p_session and public.session_is_live(s.status)
  returning s.*
$$;

create function public.session_touch(
  p_session uuid, p_activity_at timestamptz, p_keep_awake_until timestamptz default null
) returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set
    last_activity_at = greatest(s.last_activity_at, least(p_activity_at, now())),
    keep_awake_until = greatest(s.keep_awake_until, p_keep_awake_until)
  where s.id = p_session and public.session_is_live(s.status)
  returning s.*
$$;

create function public.session_queue(p_session uuid, p_deadline_ms bigint) returns setof public.sessions
language sql security definer set search_path = '' as $$
  update public.sessions s set
    queued_at = coalesce(s.queued_at, now()),
    deadline_at = now() + p_deadline_ms * interval '1 ms'
  where s.id = p_session and s.status = 'placing'
  returning s.*
$$;

create function public.session_queue_position(p_session uuid) returns bigint
language sql stable security definer set search_path = '' as $$
  select count(*) from public.sessions q, public.sessions me
  where me.id = p_session and me.queued_at is not null and q.queued_at is not null
    and (q.queued_at, q.id) <= (me.queued_at, me.id)
$$;

-- Notes an archive that is about to be uploaded, so that no object exists without a row.
create function public.archive_expect(
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
    on conflict (path) do nothing;
  return query select * from public.archives where path = p_path;
end $$;

-- Makes an uploaded archive the head, or keeps it as a recovery version when a newer run exists.
-- The caller has checked that the object is there in full. Asking twice has one effect.
create function public.head_commit(
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

-- Creates a project together with its first files: both or neither. Epoch 1 is the creation itself.
create function public.project_create(
  p_id uuid, p_user uuid, p_name text, p_slug text, p_template text, p_settings jsonb,
  p_path text, p_sha256 text, p_bytes bigint, p_entries bigint, p_unpacked_bytes bigint
) returns setof public.projects language plpgsql security definer set search_path = '' as $$
begin
  insert into public.projects (
    id, user_id, name, slug, template_type,
    cpu_count, memory_mib, disk_mib, idle_stop_ms, count_running_command, ignore_patterns,
    environment, lease_epoch, head_epoch, head_seq, head_path, head_sha256, head_bytes,
    head_entries, head_format, head_saved_at
  ) values (
    p_id, p_user, p_name, p_slug, p_template,
    coalesce((p_settings #>> '{spec,cpuCount}')::integer, 2),
    coalesce((p_settings #>> '{spec,memoryMib}')::integer, 1024),
    coalesce((p_settings #>> '{spec,diskMib}')::integer, 10240),
    (p_settings ->> 'idleStopMs')::bigint,
    coalesce((p_settings ->> 'countRunningCommand')::boolean, false),
    coalesce(p_settings -> 'ignore', '[]'), coalesce(p_settings -> 'environment', '{}'),
    1, 1, 1, p_path, p_sha256, p_bytes, p_entries, 'zip', now()
  );
  insert into public.archives (project_id, user_id, epoch, seq, path, sha256, bytes, entries,
      unpacked_bytes, format, status, committed_at)
    values (p_id, p_user, 1, 1, p_path, p_sha256, p_bytes, p_entries, p_unpacked_bytes, 'zip',
      'head', now());
  return query select * from public.projects where id = p_id;
end $$;

-- Makes an earlier or recovered version the head, under a new epoch, while nothing runs.
create function public.head_restore(p_project uuid, p_user uuid, p_archive uuid)
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
    where id = p_archive and project_id = p_project and status <> 'pending' for update;
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

-- Only the API calls these.
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

-- Projects, their runs and their archives. Lease and head of a project move only through the
-- functions of 0002, with compare-and-set; nobody else has the right to write them.

create table public.projects (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 80),
  -- The DNS label of the workspace: one canonical spelling, never `--`.
  slug text not null unique check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and char_length(slug) <= 40),
  template_type text not null
    check (template_type in ('blank', 'node', 'react', 'python', 'static', 'import', 'git')),

  cpu_count integer not null default 2 check (cpu_count between 1 and 32),
  memory_mib integer not null default 1024 check (memory_mib between 128 and 262144),
  disk_mib integer not null default 10240 check (disk_mib between 64 and 1048576),
  idle_stop_ms bigint check (idle_stop_ms between 60000 and 86400000),
  count_running_command boolean not null default false,
  ignore_patterns jsonb not null default '[]',
  environment jsonb not null default '{}',

  -- The fence. An epoch is never given twice, so an old run can always be told from the new one.
  lease_epoch bigint not null default 0,
  lease_host text,
  lease_session uuid,
  lease_until timestamptz,

  -- The files as last made final.
  head_epoch bigint,
  head_seq bigint,
  head_path text,
  head_sha256 text,
  head_bytes bigint,
  head_entries bigint,
  head_format text,
  head_saved_at timestamptz,
  storage_path text generated always as (head_path) stored,

  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,

  constraint head_is_whole check (
    num_nonnulls(head_epoch, head_seq, head_path, head_sha256, head_bytes, head_entries,
                 head_format, head_saved_at) in (0, 8)
  )
);
create index projects_by_user on public.projects (user_id, updated_at desc, id);
create unique index projects_name_of_user
  on public.projects (user_id, lower(name)) where deleted_at is null;

create table public.sessions (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null,
  status text not null default 'requested' check (status in
    ('requested', 'placing', 'starting', 'ready', 'saving', 'stopped', 'failed', 'lost')),
  revision bigint not null default 1,

  epoch bigint,
  host_id text,
  -- Name of the machine on its host; the run id, so nothing of run N is mistaken for run N+1.
  vm_id text generated always as (id::text) stored,
  boot_id uuid,
  ip_address text,

  cpu_count integer not null,
  memory_mib integer not null,
  disk_mib integer not null,

  created_at timestamptz not null default now(),
  state_since timestamptz not null default now(),
  -- End of the time this state may take. Null: no limit of its own.
  deadline_at timestamptz,
  -- When the reconciler looks at it next, and which copy of it is looking now.
  wake_at timestamptz not null default now(),
  driver text,
  driver_until timestamptz,
  attempts integer not null default 0,
  queued_at timestamptz,

  ready_at timestamptz,
  ended_at timestamptz,
  last_activity_at timestamptz,
  keep_awake_until timestamptz,
  last_saved_at timestamptz,

  stop_mode text check (stop_mode in ('save', 'discard')),
  stop_reason text,
  end_reason text,
  failure jsonb,
  traceparent text
);
-- At most one run of a project at a time: the database says so, not the code.
create unique index sessions_one_live on public.sessions (project_id)
  where status in ('requested', 'placing', 'starting', 'ready', 'saving');
create index sessions_due on public.sessions (wake_at)
  where status in ('requested', 'placing', 'starting', 'ready', 'saving');
create index sessions_live_of_user on public.sessions (user_id)
  where status in ('requested', 'placing', 'starting', 'ready', 'saving');
create index sessions_live_of_host on public.sessions (host_id)
  where status in ('requested', 'placing', 'starting', 'ready', 'saving');
create index sessions_queue on public.sessions (queued_at) where queued_at is not null;
create index sessions_of_project on public.sessions (project_id, created_at desc, id);
create index sessions_of_user on public.sessions (user_id, created_at desc, id);

create table public.archives (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null,
  session_id uuid references public.sessions (id) on delete set null,
  epoch bigint not null,
  seq bigint not null,
  path text not null unique,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null check (bytes > 0),
  entries bigint not null default 0,
  unpacked_bytes bigint not null default 0,
  format text not null check (format in ('zip', 'tar.zst')),
  -- pending: asked for, not committed. head, then earlier: once made final. recovery: came too late.
  status text not null check (status in ('pending', 'head', 'earlier', 'recovery')),
  is_checkpoint boolean not null default false,
  created_at timestamptz not null default now(),
  committed_at timestamptz
);
create index archives_of_project on public.archives (project_id, committed_at desc);
create unique index archives_one_head on public.archives (project_id) where status = 'head';

-- Revisions: a view of a row never replaces a newer one at a browser.
create function public.bump_project() returns trigger language plpgsql as $$
begin
  -- A renewed lease is not a change anyone can see.
  if (to_jsonb(new) - 'lease_until') is distinct from (to_jsonb(old) - 'lease_until') then
    new.revision := old.revision + 1;
    new.updated_at := now();
  end if;
  return new;
end $$;
create trigger bump_project before update on public.projects
  for each row execute function public.bump_project();

create function public.bump_session() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['driver', 'driver_until', 'wake_at'])
     is distinct from (to_jsonb(old) - array['driver', 'driver_until', 'wake_at']) then
    new.revision := old.revision + 1;
  end if;
  if new.status is distinct from old.status then
    new.state_since := now();
  end if;
  return new;
end $$;
create trigger bump_session before update on public.sessions
  for each row execute function public.bump_session();

-- A project's view holds its session, so it has changed when the session has.
create function public.touch_project_of_session() returns trigger language plpgsql as $$
begin
  update public.projects set revision = revision + 1 where id = new.project_id;
  return null;
end $$;
create trigger touch_project_of_session after insert or update of status, failure, last_saved_at
  on public.sessions for each row execute function public.touch_project_of_session();

-- Row-level security: people read their own rows and write none; the API writes as service_role.
alter table public.projects enable row level security;
alter table public.sessions enable row level security;
alter table public.archives enable row level security;

create policy projects_own on public.projects for select to authenticated
  using (user_id = (select auth.uid()));
create policy sessions_own on public.sessions for select to authenticated
  using (user_id = (select auth.uid()));
create policy archives_own on public.archives for select to authenticated
  using (user_id = (select auth.uid()));

revoke all on public.projects, public.sessions, public.archives from anon, authenticated, public;
-- Hosts, addresses and the reconciler's own columns are nobody's business.
grant select (id, user_id, name, slug, template_type, cpu_count, memory_mib, disk_mib,
              idle_stop_ms, count_running_command, ignore_patterns, environment, head_saved_at,
              head_bytes, head_entries, storage_path, revision, created_at, updated_at, deleted_at)
  on public.projects to authenticated;
grant select (id, project_id, user_id, status, revision, epoch, boot_id, vm_id, cpu_count,
              memory_mib, disk_mib, created_at, state_since, queued_at, ready_at, ended_at,
              last_activity_at, keep_awake_until, last_saved_at, end_reason, failure)
  on public.sessions to authenticated;
grant select (id, project_id, user_id, session_id, epoch, seq, sha256, bytes, entries,
              unpacked_bytes, format, status, is_checkpoint, created_at, committed_at)
  on public.archives to authenticated;
grant all on public.projects, public.sessions, public.archives to service_role;

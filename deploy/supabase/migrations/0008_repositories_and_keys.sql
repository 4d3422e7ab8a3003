-- Projects from a git repository, and requests that may be sent twice.

alter table public.projects add column git_url text check (char_length(git_url) <= 2048);
alter table public.projects add column git_ref text check (char_length(git_ref) <= 200);

-- The Idempotency-Key a project was created with, and what was asked for under it.
alter table public.projects add column request_key text;
alter table public.projects add column request_print text;
create unique index projects_request_of_user on public.projects (user_id, request_key)
  where request_key is not null and deleted_at is null;

-- Of a table of its own, so that no read of a project can bring it along.
create table public.project_secrets (
  project_id uuid primary key references public.projects (id) on delete cascade,
  git_token text not null check (char_length(git_token) between 1 and 1024)
);
alter table public.project_secrets enable row level security;
revoke all on public.project_secrets from anon, authenticated, public;
grant all on public.project_secrets to service_role;

grant select (git_url, git_ref) on public.projects to authenticated;

-- As before, with the repository and the key; both or nothing at all.
create function public.project_create_asked(
  p_id uuid, p_user uuid, p_name text, p_slug text, p_template text, p_settings jsonb,
  p_path text, p_sha256 text, p_bytes bigint, p_entries bigint, p_unpacked_bytes bigint,
  p_git jsonb, p_request_key text, p_request_print text
) returns setof public.projects language plpgsql security definer set search_path = '' as $$
begin
  perform public.project_create(p_id, p_user, p_name, p_slug, p_template, p_settings, p_path,
    p_sha256, p_bytes, p_entries, p_unpacked_bytes);
  update public.projects set
      git_url = p_git ->> 'url', git_ref = p_git ->> 'ref',
      request_key = p_request_key, request_print = p_request_print
    where id = p_id and (p_git is not null or p_request_key is not null);
  if p_git ->> 'token' is not null then
    insert into public.project_secrets (project_id, git_token) values (p_id, p_git ->> 'token');
  end if;
  return query select * from public.projects where id = p_id;
end $$;

do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.proname = 'project_create_asked'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;

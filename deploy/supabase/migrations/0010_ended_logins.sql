-- A login that was ended takes its access tokens with it: the API refuses those it finds here. Auth
-- deletes the row of a login that is over, whoever asked and wherever: the account page, Auth itself,
-- a new password, an account that goes (docs/adr/0017-ended-logins.md).

create table public.ended_logins (
  id uuid primary key,
  ended_at timestamptz not null default clock_timestamp()
);
create index ended_logins_by_time on public.ended_logins (ended_at);
alter table public.ended_logins enable row level security;
revoke all on public.ended_logins from anon, authenticated, public;
grant all on public.ended_logins to service_role;

create function public.login_note_ended() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Auth gives no token for longer than a week. Rows that another sign-out is removing are left to
  -- it: nobody's sign-out may wait for, or fail with, somebody else's.
  delete from public.ended_logins where id in (
    select past.id from public.ended_logins past where past.ended_at < now() - interval '8 days'
    order by past.ended_at limit 1000 for update skip locked
  );
  insert into public.ended_logins (id) select gone.id from gone on conflict (id) do nothing;
  return null;
end $$;
create trigger vessel_note_ended after delete on auth.sessions
  referencing old table as gone
  for each statement execute function public.login_note_ended();

-- Who is shut out is logged out.
create function public.login_end_banned() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from auth.sessions where user_id = new.id;
  return null;
end $$;
create trigger vessel_end_banned after update of banned_until on auth.users
  for each row when (new.banned_until > now()) execute function public.login_end_banned();

-- The newest, as one value [[id, ms ago], …] with the oldest first: rows would be cut at the number that PostgREST gives at most.
create function public.login_ended(p_within_ms bigint, p_limit integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(
      jsonb_build_array(newest.id, newest.ago_ms) order by newest.ago_ms desc
    ), '[]') from (
    select e.id, (extract(epoch from clock_timestamp() - e.ended_at) * 1000)::bigint as ago_ms
    from public.ended_logins e where e.ended_at > now() - p_within_ms * interval '1 ms'
    order by e.ended_at desc limit p_limit
  ) newest
$$;

do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.proname like 'login\_%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;

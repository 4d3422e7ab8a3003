-- Logins on other devices, and tokens for scripts.

-- Of a token only its digest is kept: whoever reads this table can log in with nothing of it.
create table public.api_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 80),
  digest text not null unique check (digest ~ '^[0-9a-f]{64}$'),
  hint text not null check (char_length(hint) = 4),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz
);
create index api_tokens_of_user on public.api_tokens (user_id, created_at desc);
alter table public.api_tokens enable row level security;
revoke all on public.api_tokens from anon, authenticated, public;
grant all on public.api_tokens to service_role;

create function public.account_tokens(p_user uuid)
returns setof public.api_tokens language sql stable security definer set search_path = '' as $$
  select * from public.api_tokens where user_id = p_user order by created_at desc, id
$$;

create function public.account_add_token(
  p_user uuid, p_name text, p_digest text, p_hint text, p_days integer, p_max integer
) returns setof public.api_tokens language plpgsql security definer set search_path = '' as $$
begin
  -- One at a time of each person, or two at once would both be the last that is allowed.
  perform pg_advisory_xact_lock(hashtextextended('api_tokens:' || p_user, 0));
  delete from public.api_tokens where user_id = p_user and expires_at < now() - interval '30 days';
  if (select count(*) from public.api_tokens where user_id = p_user) >= p_max then
    raise exception 'LIMIT_TOKENS' using errcode = 'PT409';
  end if;
  return query
    insert into public.api_tokens (user_id, name, digest, hint, expires_at)
    values (p_user, p_name, p_digest, p_hint, now() + make_interval(days => p_days))
    returning *;
end $$;

create function public.account_delete_token(p_user uuid, p_token uuid)
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  delete from public.api_tokens where id = p_token and user_id = p_user;
  return found;
end $$;

-- Whom a token speaks for. Nobody, once its owner may not log in any more.
create function public.account_token_owner(p_digest text)
returns table (user_id uuid, name text, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
begin
  -- Once a minute is often enough to tell tokens in use from forgotten ones.
  update public.api_tokens t set last_used_at = now()
    where t.digest = p_digest and t.expires_at > now()
      and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute');
  return query
    select t.user_id,
        coalesce(nullif(trim(u.raw_user_meta_data ->> 'name'), ''), u.email::text, 'Someone'),
        t.expires_at
      from public.api_tokens t join auth.users u on u.id = t.user_id
      where t.digest = p_digest and (u.banned_until is null or u.banned_until < now());
end $$;

create function public.account_logins(p_user uuid)
returns table (
  id uuid, user_agent text, address text, created_at timestamptz, seen_at timestamptz
) language sql stable security definer set search_path = '' as $$
  select s.id, s.user_agent::text, host(nullif(s.ip::text, '')::inet), s.created_at,
      coalesce(s.updated_at, s.created_at)
    from auth.sessions s where s.user_id = p_user
    order by coalesce(s.updated_at, s.created_at) desc limit 100
$$;

-- With the session go its refresh tokens; the access token it holds lives out its hour.
create function public.account_end_login(p_user uuid, p_login uuid)
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  delete from auth.sessions s where s.id = p_login and s.user_id = p_user;
  return found;
end $$;

do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.proname like 'account\_%'
  loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;

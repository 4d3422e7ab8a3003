-- A ticket of a workspace opens nothing once whom it was made for has ended: a login that is gone, or
-- a token for scripts that is gone, has run out, or belongs to somebody who may not log in
-- (docs/adr/0018-ended-visitors.md).

-- Of these, the ones that have ended. An array, because rows would be cut at what PostgREST gives.
create function public.visitors_ended(p_visitors jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(asked.id), '[]')
  from (select id::uuid from jsonb_array_elements_text(p_visitors) as id) asked
  where not exists (select from auth.sessions s where s.id = asked.id)
    and not exists (
      select from public.api_tokens t join auth.users u on u.id = t.user_id
      where t.id = asked.id and t.expires_at > now()
        and (u.banned_until is null or u.banned_until < now())
    )
$$;
revoke all on function public.visitors_ended from public, anon, authenticated;
grant execute on function public.visitors_ended to service_role;

-- As before, and which token it is.
drop function public.account_token_owner(text);
create function public.account_token_owner(p_digest text)
returns table (id uuid, user_id uuid, name text, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
begin
  -- Once a minute is often enough to tell tokens in use from forgotten ones.
  update public.api_tokens t set last_used_at = now()
    where t.digest = p_digest and t.expires_at > now()
      and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute');
  return query
    select t.id, t.user_id,
        coalesce(nullif(trim(u.raw_user_meta_data ->> 'name'), ''), u.email::text, 'Someone'),
        t.expires_at
      from public.api_tokens t join auth.users u on u.id = t.user_id
      where t.digest = p_digest and (u.banned_until is null or u.banned_until < now());
end $$;
revoke all on function public.account_token_owner from public, anon, authenticated;
grant execute on function public.account_token_owner to service_role;

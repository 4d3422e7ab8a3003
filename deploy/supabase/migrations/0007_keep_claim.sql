-- A claim is short, so that another copy takes over soon after a crash; a turn that takes longer
-- keeps it. Whoever asked for a look meanwhile has set wake_at to now, and that stays.
create function public.session_keep_claim(p_session uuid, p_driver text, p_ms bigint)
returns void language sql security definer set search_path = '' as $$
  update public.sessions set
    driver_until = now() + p_ms * interval '1 ms',
    wake_at = case when wake_at <= now() then wake_at
                   else now() + p_ms * interval '1 ms' end
  where id = p_session and driver = p_driver
$$;
revoke all on function public.session_keep_claim from public, anon, authenticated;
grant execute on function public.session_keep_claim to service_role;

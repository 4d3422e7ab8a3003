-- What a queued session waits for: room on one of the hosts, or a host at all.
alter table public.sessions add column waits_for text check (waits_for in ('room', 'host'));
grant select (waits_for) on public.sessions to authenticated;

create trigger touch_project_of_waiting_session after update of waits_for on public.sessions
  for each row when (old.waits_for is distinct from new.waits_for)
  execute function public.touch_project_of_session();

-- Only the first of the queue ask the hosts; the others wait for what the very first waits for.
drop function public.session_queue(uuid, bigint);
create function public.session_queue(
  p_session uuid, p_deadline_ms bigint, p_waits_for text default null
) returns setof public.sessions language sql security definer set search_path = '' as $$
  update public.sessions s set
    queued_at = coalesce(s.queued_at, now()),
    deadline_at = now() + p_deadline_ms * interval '1 ms',
    waits_for = coalesce(
      p_waits_for,
      (select f.waits_for from public.sessions f where f.queued_at is not null
       order by f.queued_at, f.id limit 1),
      'room'
    )
  where s.id = p_session and s.status = 'placing'
  returning s.*
$$;
revoke all on function public.session_queue from public, anon, authenticated;
grant execute on function public.session_queue to service_role;

'use client'

import { ChevronDown, LogOut, UserRound } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '../../lib/cn.ts'
import { Menu, MenuItem, MenuLabel, MenuLink } from '../../ui/menu.tsx'
import { ThemeToggle } from '../../ui/theme-toggle.tsx'
import { useAuthState, useClient } from '../client/client-provider.tsx'
import { useSocketStatus } from '../live/live-provider.tsx'
import { PaletteButton } from '../palette/palette-button.tsx'
import { ConnectionLight } from './connection-light.tsx'
import { HeaderFrame } from './header-frame.tsx'
import { OfflineBar } from './offline-bar.tsx'

function NavLink({ href, children }: { href: string; children: string }) {
  const isHere = usePathname().startsWith(href)
  return (
    <Link
      href={href}
      aria-current={isHere ? 'page' : undefined}
      className={cn(
        'flex h-8 items-center rounded-md px-2.5 font-medium text-sm transition-colors',
        'max-sm:h-10 max-sm:px-2',
        isHere ? 'text-ink' : 'text-muted hover:text-ink',
      )}
    >
      {children}
    </Link>
  )
}

function PersonMenu() {
  const { auth } = useClient()
  const { person } = useAuthState()
  const email = person?.email ?? ''
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label="Account"
          className={cn(
            'flex h-8 items-center gap-1 rounded-md pr-1.5 pl-1 text-muted hover:bg-hover',
            'max-sm:size-10 max-sm:justify-center max-sm:p-0',
          )}
        >
          <span className="flex size-6 items-center justify-center rounded-full bg-accent-soft">
            <span className="font-semibold text-accent text-xs uppercase">{email.slice(0, 1)}</span>
          </span>
          <ChevronDown size={14} aria-hidden className="max-sm:hidden" />
        </button>
      }
    >
      <MenuLabel>{email}</MenuLabel>
      <MenuLink>
        <Link href="/account">
          <UserRound size={16} className="text-muted" aria-hidden />
          Account
        </Link>
      </MenuLink>
      <MenuItem icon={<LogOut />} onSelect={() => void auth.logOut()}>
        Log out
      </MenuItem>
    </Menu>
  )
}

/** The bar above every page but the editor. */
export function AppHeader() {
  const { isAdmin } = useSocketStatus()
  return (
    <HeaderFrame below={<OfflineBar />}>
      <nav aria-label="Main" className="flex items-center gap-1">
        <NavLink href="/projects">Projects</NavLink>
        {isAdmin && <NavLink href="/admin">Admin</NavLink>}
      </nav>
      <div className="ml-auto flex items-center gap-1 max-sm:-mr-1 max-sm:gap-0">
        <PaletteButton />
        <ConnectionLight />
        {/* On a phone it is on the account page: here there is no room for it. */}
        <div className="max-sm:hidden">
          <ThemeToggle />
        </div>
        <PersonMenu />
      </div>
    </HeaderFrame>
  )
}

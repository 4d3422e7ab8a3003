/** Recorded on Debian 12 (Linux 6.1), with round numbers put in where a test counts them. */
export const STAT = `cpu  60000 110 15000 440000 1850 0 150 10000 0 0
cpu0 30000 55 7500 220000 925 0 75 5000 0 0
cpu1 30000 55 7500 220000 925 0 75 5000 0 0
intr 5150110 0 9 0 0
ctxt 10151412
`

export const MEMINFO = `MemTotal:       24684100 kB
MemFree:        18000000 kB
MemAvailable:   24022244 kB
Buffers:          100000 kB
SwapTotal:          1000 kB
SwapFree:            600 kB
HugePages_Total:       0
`

export const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo
    lo: 9999999    9999    0    0    0     0          0         0  9999999    9999    0    0    0
  eth0:  123456     789    0    0    0     0          0         0    65432     321    0    0    0
`

export const DISKSTATS = ` 254       0 vda 100 2 1000 50 200 3 4000 70 0 100 120 0 0 0 0 0 0
 254       1 vda1 90 2 900 50 190 3 3900 70 0 100 120 0 0 0 0 0 0
 259       0 nvme0n1 10 0 2000 5 20 0 3000 7 0 10 12 0 0 0 0 0 0
   7       0 loop0 10 0 5000 5 20 0 5000 7 0 10 12 0 0 0 0 0 0
`

export const PROCESS_STAT =
  '4242 (a) (b) S 17 4242 4242 0 -1 4194560 100 0 0 0 10 20 0 0 20 0 11 0 5555 999424 321 ' +
  '18446744073709551615 1 1 0 0 0 0 0 16781312 134235394 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n'

/** One entry as the kernel writes it; put together here because its line is longer than ours. */
const socketLine = (local: string, remote: string, rest: string): string =>
  `   0: ${local} ${remote} ${rest} 00000000:00000000 00:00000000 00000000  1000        0 `

export const NET_TCP = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid',
  `${socketLine('0100007F:0BB8', '00000000:0000', '0A')}98765 1 0`,
  `${socketLine('0100007F:0BB8', '0100007F:D431', '01')}98766 1 0`,
  '',
].join('\n')

const ANY6 = '0'.repeat(32)
export const NET_TCP6 = [
  '  sl  local_address                         remote_address                        st tx_queue',
  `${socketLine(`${ANY6}:1F90`, `${ANY6}:0000`, '0A')}4711 1 0`,
  '',
].join('\n')

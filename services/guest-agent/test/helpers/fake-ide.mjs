// A stand-in for VS Code: listens on the socket it is given, answers its health path, and does on
// `/die` what no IDE should. Its first output line is what a boot log shows.
import { createServer } from 'node:http'

const [socket, workspace, ...flags] = process.argv.slice(2)
if (flags.includes('--fail')) {
  process.stderr.write('cannot start\n')
  process.exit(3)
}
const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(1)
  if (request.url === '/environment') return response.end(JSON.stringify(process.env))
  const { method, url, headers, rawHeaders } = request
  response.end(JSON.stringify({ method, url, headers, rawHeaders, pid: process.pid, workspace }))
})
server.on('upgrade', (_request, upstream) => {
  upstream.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  upstream.on('error', () => upstream.destroy())
  upstream.pipe(upstream)
})
const listen = () => server.listen(socket, () => process.stdout.write('fake ide listens\n'))
const delayMs = Number(flags.find((flag) => flag.startsWith('--delay='))?.slice(8) ?? 0)
if (delayMs > 0) setTimeout(listen, delayMs)
else listen()

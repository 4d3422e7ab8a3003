import { createServer } from 'node:http'
import { greeting } from './greeting.js'

const port = Number(process.env.PORT ?? 3000)

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://localhost')
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(`${greeting(searchParams.get('name'))}\n`)
})

server.listen(port, () => {
  console.log(`Listening on port ${port}. Try it: curl "localhost:${port}/?name=Ada"`)
})

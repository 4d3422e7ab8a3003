import { createServer } from 'node:http'
import { greet } from './greet.js'

const port = Number(process.env.PORT ?? 3000)

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://localhost')
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(`${greet(searchParams.get('name'))}\n`)
})

server.listen(port, () => console.log(`listening on port ${port}`))

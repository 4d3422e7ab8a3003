import { useState } from 'react'
import './app.css'

export function App() {
  const [count, setCount] = useState(0)

  return (
    <main>
      <h1>Hello!</h1>
      <p>
        This is <code>src/app.jsx</code>. Change it and watch.
      </p>
      <button type="button" onClick={() => setCount(count + 1)}>
        Clicked {count} times
      </button>
    </main>
  )
}

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // The preview's host name is the project's own.
  server: { allowedHosts: true },
})

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  server: {
    port: Number(process.env.PORT ?? 3000),
    host: true,
    // The preview comes under a name of its own, which differs from project to project.
    allowedHosts: true,
  },
})

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  // dist/.keep is git's, and stays; npm run build removes the rest.
  build: { outDir: 'dist', emptyOutDir: false },
  server: {
    proxy: {
      '/api': server,
      '/health': server,
      '/metrics': server,
      '/ws': { target: server, ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    unstubGlobals: true,
  },
});

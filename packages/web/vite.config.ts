import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';

/** `BACKCHECK_API` points `vite` (development only) at a running server; the built bundle always asks its own origin. */
const api = process.env['BACKCHECK_API'] ?? 'http://127.0.0.1:8420';

/** One command builds both: the screens, and then the page that strangers verify certificates with. */
const verificationPage: Plugin = {
  name: 'verification-page',
  apply: 'build',
  async closeBundle(error) {
    if (error === undefined) {
      await build({ configFile: join(import.meta.dirname, 'vite.verify.config.ts'), logLevel: 'warn' });
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), verificationPage],
  server: { proxy: { '/api': api } },
  build: {
    target: 'es2023',
    // Ant Design is one large chunk that changes rarely: apart, it stays in the browser's cache over releases.
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next)[\\/]/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
});

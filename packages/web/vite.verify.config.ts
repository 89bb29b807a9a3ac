import { createHash } from 'node:crypto';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The page that strangers verify certificates with: one file, the same on the server and on a disk. */
export default defineConfig({
  root: join(import.meta.dirname, 'verify'),
  plugins: [react(), oneFile()],
  build: {
    target: 'es2023',
    outDir: join(import.meta.dirname, 'dist/verify'),
    emptyOutDir: true,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});

/**
 * Puts script and style into the page, and a policy that names both by their hashes: the page runs nothing else, and
 * can ask nothing but the server that it came from.
 */
function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('there is no index.html');
      const pieces = Object.values(bundle).filter((one) => one !== page);
      const scripts = pieces.flatMap((one) => (one.type === 'chunk' ? [one.code] : []));
      const styles = pieces.flatMap((one) => (one.type === 'asset' ? [String(one.source)] : []));
      if (scripts.length !== 1 || styles.length !== 1) throw new Error('not one script and one style');
      const script = scripts.join('').replaceAll(/<\/(script)/gi, '<\\/$1');
      const style = styles.join('');
      const source = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
        .replace('</body>', () => `<script type="module">${script}</script>\n  </body>`)
        .replace('<!-- policy -->', () => policyOf(script, style));
      for (const name of Object.keys(bundle)) delete bundle[name];
      // Not "index.html": served as a file among the screens it would get their policy, which forbids its script.
      this.emitFile({ type: 'asset', fileName: 'page.html', source });
    },
  };
}

function policyOf(script: string, style: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
}

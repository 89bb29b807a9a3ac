/** `npm start`: the server with its screens, configured by the environment (docs/configuration.md). */
import { buildScreens } from './build-screens.ts';

if (!buildScreens()) process.exit(1);
await import('../packages/server/src/main.ts');

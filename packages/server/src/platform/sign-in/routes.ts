import type { App, Parts } from '../parts.ts';
import { accountRoutes } from './account-routes.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { joinRoutes } from './join-routes.ts';
import { passwordRoutes } from './password-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { singleSignOnRoutes } from './single-sign-on-routes.ts';
import { twoFactorRoutes } from './two-factor-routes.ts';

/** Everything under /api/v1 about who somebody is. */
export function whoRoutes(app: App, parts: Parts): void {
  signInRoutes(app, parts);
  singleSignOnRoutes(app, parts);
  joinRoutes(app, parts);
  passwordRoutes(app, parts);
  twoFactorRoutes(app, parts);
  sessionRoutes(app, parts);
  apiKeyRoutes(app, parts);
  accountRoutes(app, parts);
  invitationRoutes(app, parts);
}

import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import fastify, { LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { linkRoutes } from './assets/link-routes.ts';
import { registerRoutes } from './assets/register-routes.ts';
import { assetRoutes } from './assets/routes.ts';
import { identityTaskRoutes } from './assets/task-routes.ts';
import { authorizationRoutes } from './authorizations/routes.ts';
import { authorizationStepRoutes } from './authorizations/step-routes.ts';
import { campaignRoutes } from './campaigns/routes.ts';
import { certificateRoutes } from './certificates/routes.ts';
import { verificationPage } from './certificates/verification-page.ts';
import { policyRoutes } from './deadlines/policy-routes.ts';
import { deadlineRoutes } from './deadlines/routes.ts';
import { defectdojoRoutes } from './defectdojo/routes.ts';
import { deliveryRoutes } from './deliveries/routes.ts';
import { webhookRoutes } from './deliveries/webhook-routes.ts';
import { evidenceRoutes } from './evidence/routes.ts';
import { feedRoutes } from './feeds/routes.ts';
import { findingRoutes } from './findings/routes.ts';
import { fixRoutes } from './fixes/routes.ts';
import { profileRoutes } from './imports/profile-routes.ts';
import { importRoutes } from './imports/routes.ts';
import { rescanRoutes } from './look-backs/rescan-routes.ts';
import { lookBackRoutes } from './look-backs/routes.ts';
import { noticeOfficeRoutes } from './notices/office-routes.ts';
import { noticePaperRoutes } from './notices/paper-routes.ts';
import { noticeRoutes } from './notices/routes.ts';
import { recordChangeRoutes } from './organizations/change-routes.ts';
import { contactRoutes } from './organizations/contact-routes.ts';
import { keyListRoutes } from './organizations/key-list-routes.ts';
import { registeredAssetRoutes } from './organizations/registered-asset-routes.ts';
import { organizationRoutes } from './organizations/routes.ts';
import { systemRoutes } from './organizations/system-routes.ts';
import { organizationTreeRoutes } from './organizations/tree-routes.ts';
import { claimRoutes } from './ownership/claim-routes.ts';
import { handOverRoutes } from './ownership/hand-over-routes.ts';
import { queueRoutes } from './ownership/queue-routes.ts';
import { allowed, decorateAccess, requireRule } from './platform/access/guard.ts';
import { accessRoutes } from './platform/access/routes.ts';
import { answerProblem } from './platform/answer-problem.ts';
import { recordRequests } from './platform/audit/record.ts';
import { auditRoutes } from './platform/audit/routes.ts';
import { healthRoute } from './platform/health.ts';
import { describeApi } from './platform/open-api.ts';
import type { App, Parts } from './platform/parts.ts';
import { Problem } from './platform/problem.ts';
import { serveScreens } from './platform/screens.ts';
import { securityHeaders } from './platform/security-headers.ts';
import { signedIn } from './platform/sign-in/guard.ts';
import { signInLink } from './platform/sign-in/link-route.ts';
import { whoRoutes } from './platform/sign-in/routes.ts';
import { registerExportRoutes } from './registers/export-routes.ts';
import { registerImportRoutes } from './registers/routes.ts';
import { replyRoutes } from './replies/routes.ts';
import { fixClaimRoutes } from './retests/claim-routes.ts';
import { retestRequestRoutes } from './retests/request-routes.ts';
import { retestRoutes } from './retests/routes.ts';
import { runnerProtocolRoutes } from './runners/protocol-routes.ts';
import { runnerRoutes } from './runners/routes.ts';
import { workRoutes } from './work/routes.ts';

/** Everything a form of ours carries beside its one file. */
const FORM_LIMITS = { files: 1, fields: 20, fieldNameSize: 100, fieldSize: 2000, parts: 21 };

/** Puts the features together, in the order of the walk. Listens nowhere: tests call `inject`. */
export async function buildApp(parts: Parts): Promise<App> {
  const app: App = fastify({
    loggerInstance: parts.log,
    // Its own lines hold the whole address; a query may hold a sign-in token (see logRequests).
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    // An empty list would be taken for "all".
    trustProxy: parts.trustedProxies.length > 0 && [...parts.trustedProxies],
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  app.decorateRequest('session', null);
  decorateAccess(app, parts);
  recordRequests(app, parts);
  logRequests(app);
  securityHeaders(app);
  await app.register(cookie);
  await app.register(multipart, { limits: FORM_LIMITS });
  await describeApi(app);
  await app.register(async (open: App) => {
    signInLink(open, parts);
    healthRoute(open, parts);
    verificationPage(open, parts);
  });
  await app.register(async (api: App) => api1(api, parts), { prefix: '/api/v1' });
  await app.register(async (api: App) => api2(api, parts), { prefix: '/api/v2' });
  await serveScreens(app, parts.webFolder);
  return app;
}

/** Stands in front of a whole scope, so that no operation can be added without it. */
function guard(api: App, parts: Parts): void {
  api.addHook('onRoute', requireRule);
  api.addHook('onRequest', signedIn(parts));
  api.addHook('onRequest', allowed(parts));
}

async function api1(api: App, parts: Parts): Promise<void> {
  guard(api, parts);
  whoRoutes(api, parts);
  accessRoutes(api, parts);
  auditRoutes(api, parts);
  organizationRoutes(api, parts);
  organizationTreeRoutes(api);
  systemRoutes(api);
  contactRoutes(api, parts);
  keyListRoutes(api);
  registeredAssetRoutes(api);
  recordChangeRoutes(api);
  registerImportRoutes(api, parts);
  registerExportRoutes(api);
  campaignRoutes(api);
  profileRoutes(api, parts);
  importRoutes(api, parts);
  assetRoutes(api);
  identityTaskRoutes(api, parts);
  linkRoutes(api, parts);
  registerRoutes(api, parts);
  claimRoutes(api, parts);
  queueRoutes(api, parts);
  handOverRoutes(api, parts);
  findingRoutes(api);
  feedRoutes(api, parts);
  deadlineRoutes(api, parts);
  policyRoutes(api, parts);
  evidenceRoutes(api, parts);
  noticeRoutes(api, parts);
  noticeOfficeRoutes(api, parts);
  noticePaperRoutes(api, parts);
  deliveryRoutes(api, parts);
  webhookRoutes(api, parts);
  replyRoutes(api, parts);
  authorizationRoutes(api, parts);
  authorizationStepRoutes(api, parts);
  fixClaimRoutes(api, parts);
  retestRoutes(api, parts);
  retestRequestRoutes(api, parts);
  lookBackRoutes(api, parts);
  rescanRoutes(api, parts);
  certificateRoutes(api, parts);
  fixRoutes(api);
  workRoutes(api, parts);
  runnerRoutes(api, parts);
  runnerProtocolRoutes(api, parts);
  api.setNotFoundHandler(() => {
    throw new Problem('NOT_FOUND');
  });
}

async function api2(api: App, parts: Parts): Promise<void> {
  guard(api, parts);
  defectdojoRoutes(api, parts);
}

function logRequests(app: App): void {
  app.addHook('onResponse', async ({ log, method, url }, reply) => {
    const milliseconds = Math.round(reply.elapsedTime);
    log.info({ method, path: url.split('?')[0], status: reply.statusCode, milliseconds }, 'answered');
  });
}

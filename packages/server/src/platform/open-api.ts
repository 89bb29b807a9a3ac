import { SESSION_COOKIE } from '@backcheck/contract';
import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { App } from './parts.ts';

const DESCRIPTION = `Backcheck closes a finding only by proof.

Every refusal is an RFC 9457 problem document with a stable \`code\` and texts in Chinese and English.
Lists are paged by keyset: pass \`nextCursor\` as \`cursor\`. Ids are decimal numbers written as text.`;

const TAGS = [
  { name: 'Sign-in', description: 'Passwords, second factors, single sign-on, sessions and API keys' },
  { name: 'Accounts', description: 'People: who may sign in, and invitations' },
  { name: 'Access', description: 'Roles on the tree: who may do what, and where' },
  { name: 'Organizations', description: 'Who is inspected' },
  { name: 'Systems', description: 'Business systems, with their level and owner' },
  { name: 'Contacts', description: 'Who is called in an emergency, in which order' },
  { name: 'Key lists', description: 'What needs more care for a time, and why' },
  { name: 'Campaigns', description: 'Inspections over many organizations' },
  {
    name: 'Registers',
    description: 'Records as sheets: import with a difference first, undo, export, forms',
  },
  { name: 'Imports', description: 'Scan files: preview what they can prove, then import' },
  { name: 'Assets', description: 'Who is who: identifiers, merges, splits, and questions for people' },
  { name: 'Ownership', description: 'Claims of ranges and domains, assets in question, hand-overs' },
  { name: 'DefectDojo', description: 'For clients of DefectDojo, unchanged: docs/defectdojo.md' },
  { name: 'Findings', description: 'States, reasons and histories' },
  {
    name: 'Feeds',
    description: 'What is known of vulnerabilities: KEV, EPSS, NVD, CVE, CNVD, CNNVD, and how old it is',
  },
  { name: 'Deadlines', description: 'Policies, working calendars, and why a finding is due on its date' },
  { name: 'Evidence', description: 'Resumable uploads, retention, what is kept and why' },
  { name: 'Notices', description: 'Papers that are drafted, approved, numbered and issued' },
  { name: 'Deliveries', description: 'How a notice reached whom, receipts, webhooks, escalation' },
  {
    name: 'Replies',
    description: 'Objections, plans, interim measures, extensions, risk acceptance, false positives',
  },
  { name: 'Fixes', description: 'Findings that one measure mends' },
  { name: 'Work', description: 'What is due, overdue, and whose turn it is' },
  { name: 'Authorizations', description: 'What an organization signed: who may look at what, how and when' },
  { name: 'Retests', description: 'Claims of fixes, asking that findings be looked at again, outcomes' },
  { name: 'Runners', description: 'Who looks again, and from where; how a remote runner talks to us' },
  {
    name: 'Look-backs',
    description: 'What was closed, drawn in public and looked at again: docs/look-back.md',
  },
  { name: 'Rescans', description: 'What is looked at again by itself, and the known-exploited list' },
  { name: 'Certificates', description: 'Signed, offline-verifiable closures' },
  { name: 'Audit', description: 'Who read or changed what, and its export' },
  { name: 'Operation', description: 'For operators' },
];

/** `GET /api/openapi.json`, generated from the schemas that requests and answers are checked with. */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Backcheck',
        version: '0.1.0',
        description: DESCRIPTION,
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      security: [{ apiKey: [] }, { session: [] }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `bk_…`' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
    transform: withAccess,
    transformObject: (document) => withoutUnused(describeAnswers(jsonSchemaTransformObject(document))),
  });
  let document: string | null = null;
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(document);
  });
}

type Document = ReturnType<typeof jsonSchemaTransformObject>;

/** Each operation says who may carry it out: "anyone", "self" (any account, its own things) or a permission. */
const withAccess: typeof jsonSchemaTransform = (operation) => {
  const { schema, url } = jsonSchemaTransform(operation);
  const access = operation.route.config?.access;
  return { url, schema: access === undefined ? schema : { ...schema, 'x-backcheck-access': access } };
};

/** An answer without words of its own is described by what the operation is for. */
function describeAnswers(document: Document): Document {
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const { summary, responses } = path?.[method] ?? {};
      for (const answer of Object.values<{ description?: string }>(responses ?? {})) {
        if (answer.description === 'Default Response') answer.description = summary ?? '';
      }
    }
  }
  return document;
}

/** The type provider writes each schema twice, as input and as output; we keep those that are referred to. */
function withoutUnused(document: Document): Document {
  const schemas = ('components' in document ? document.components?.schemas : undefined) ?? {};
  for (;;) {
    const text = JSON.stringify(document);
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    if (unused.length === 0) return document;
    for (const name of unused) delete schemas[name];
  }
}

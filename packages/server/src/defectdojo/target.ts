import type { DojoFields } from '@backcheck/contract';
import {
  type Db,
  type DojoEngagement,
  type DojoNames,
  type DojoTest,
  ensureDojoNames,
  findDojoEngagement,
  findDojoNames,
  findDojoTest,
  findDojoTestByName,
  insertDojoTest,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { DojoRefusal } from './refusal.ts';

/** Where a scan goes. */
export interface Target {
  readonly engagement: DojoEngagement;
  /** No upload came to the test before. */
  readonly isNew: boolean;
  /** The test, made now if it is new: a file that is refused leaves none behind. */
  test(db: Db): Promise<DojoTest>;
}

/** An import is always a new test. */
export async function targetOfImport(request: FastifyRequest, fields: DojoFields): Promise<Target> {
  const engagement = await engagementOf(request, fields);
  return newTest(engagement, fields);
}

/** A reimport goes to the test of that number, or to the last one of that title and scan type in the engagement. */
export async function targetOfReimport(request: FastifyRequest, fields: DojoFields): Promise<Target> {
  if (fields.test !== undefined) {
    const test = await request.inScope((tx) => findDojoTest(tx, fields.test ?? 0));
    if (test === null) throw new DojoRefusal(404, { message: 'A test could not be found!' });
    return { engagement: test, isNew: false, test: async () => test };
  }
  const engagement = await engagementOf(request, fields);
  const { scan_type: scanType, test_title: title = null } = fields;
  const found = await request.inScope((tx) => findDojoTestByName(tx, engagement, { scanType, title }));
  if (found !== null) return { engagement, isNew: false, test: async () => found };
  if (fields.auto_create_context) return newTest(engagement, fields);
  throw new DojoRefusal(404, { message: 'A test could not be found!' });
}

function newTest(engagement: DojoEngagement, { scan_type: scanType, test_title }: DojoFields): Target {
  const title = test_title ?? scanType;
  return { engagement, isNew: true, test: (db) => insertDojoTest(db, engagement, { scanType, title }) };
}

async function engagementOf(request: FastifyRequest, fields: DojoFields): Promise<DojoEngagement> {
  if (fields.engagement !== undefined) {
    const engagement = await request.inScope((tx) => findDojoEngagement(tx, fields.engagement ?? 0));
    if (engagement !== null) return engagement;
    throw new DojoRefusal(400, {
      engagement: [`Invalid pk "${fields.engagement}" - object does not exist.`],
    });
  }
  const { product_name: product, engagement_name: name } = fields;
  if (product === undefined || name === undefined) {
    const message = 'Need engagement_id or product_name + engagement_name to perform import';
    throw new DojoRefusal(400, { message });
  }
  const names = { productType: fields.product_type_name ?? 'Organizations', product, engagement: name };
  const [found, another] = await request.inScope((tx) => findDojoNames(tx, names));
  if (another !== undefined) {
    const message = `Several products are named "${product}"; name one of their engagements by its number`;
    throw new DojoRefusal(400, { message });
  }
  const { organizationId = null, engagement = null } = found ?? {};
  if (engagement !== null) return engagement;
  if (fields.auto_create_context) return makeEngagement(request, names, organizationId);
  const missing =
    organizationId === null
      ? `Product "${names.product}" does not exist`
      : `Engagement "${names.engagement}" does not exist in Product "${names.product}"`;
  throw new DojoRefusal(400, { message: `${missing}; auto_create_context makes it` });
}

/** A product that is not there is a new organization, which not everybody who may send scans may make. */
function makeEngagement(
  request: FastifyRequest,
  names: DojoNames,
  organizationId: number | null,
): Promise<DojoEngagement> {
  const make = (tx: Tx) => ensureDojoNames(tx, names, organizationId);
  if (organizationId !== null) return request.inScope(make);
  return request.inScopeOf({ object: 'organization', action: 'create' }, make);
}

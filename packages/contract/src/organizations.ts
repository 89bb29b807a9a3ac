import { z } from 'zod';
import { RegisterFields, SentFields, Version } from './register-fields.ts';
import { Cursor, limit, line, NextCursor, OrganizationId } from './wire.ts';

const name = line(200);
const count = z.int().min(0);

export const ORGANIZATION_STATUSES = ['active', 'merged', 'dissolved'] as const;

export const Organization = z
  .object({
    id: OrganizationId,
    code: z.string().describe('Unique in the installation; made from the id where nobody gave one'),
    name: z.string(),
    nameZh: z.string().nullable(),
    parentId: OrganizationId.nullable().describe('null: at the top, or below what the caller may not see'),
    status: z.enum(ORGANIZATION_STATUSES),
    collecting: z
      .boolean()
      .describe('Scans over many organizations are imported here; what lies here is nobody’s yet'),
    crossTool: z
      .boolean()
      .describe("Whether a scan may close another tool's finding where an equivalence declares it"),
    steadyProof: z
      .boolean()
      .describe(
        'Whether findings that flap, or that scans contradict each other about, need several absences',
      ),
  })
  .meta({
    id: 'Organization',
    example: {
      id: '7',
      code: '370100-H-012',
      name: 'Lakeside Hospital',
      nameZh: '湖畔医院',
      parentId: '2',
      status: 'active',
      collecting: false,
      crossTool: false,
      steadyProof: true,
    },
  });
export type Organization = z.infer<typeof Organization>;

export const OrganizationQuery = z.object({
  q: line(100).optional().describe('Part of a name, the short name, the code or the social credit code'),
  below: OrganizationId.optional().describe('Only this node of the tree and what is below it'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});

/** In the order of their codes. */
export const OrganizationList = z.object({ items: z.array(Organization), nextCursor: NextCursor });
export type OrganizationList = z.infer<typeof OrganizationList>;

/** Findings that are not verified-fixed. */
export const OpenFindings = z
  .object({ info: count, low: count, medium: count, high: count, critical: count })
  .meta({ id: 'OpenFindings' });
export type OpenFindings = z.infer<typeof OpenFindings>;

/** Of a node together with all that is below it. */
const below = z.object({
  assets: count.nullable().describe('null: the caller may not read assets'),
  openFindings: OpenFindings.nullable().describe('null: the caller may not read findings'),
});

export const OrganizationNode = Organization.extend({
  children: count.describe('How many lie directly below it'),
  below: below.describe('The node together with all that is below it'),
}).meta({ id: 'OrganizationNode' });
export type OrganizationNode = z.infer<typeof OrganizationNode>;

export const OrganizationTreeQuery = z.object({
  parent: z
    .union([OrganizationId, z.literal('none')])
    .default('none')
    .describe('`none`: the topmost organizations that the caller sees'),
  cursor: Cursor.optional(),
  limit: limit(500, 100),
});
export const OrganizationTree = z.object({ items: z.array(OrganizationNode), nextCursor: NextCursor });
export type OrganizationTree = z.infer<typeof OrganizationTree>;

/** null in a count: the caller may not read these. */
export const OrganizationPage = z
  .object({
    organization: Organization,
    version: Version,
    fields: RegisterFields.describe('Kind "organization" of the catalogue; without `parentCode`'),
    mergedInto: OrganizationId.nullable(),
    path: z
      .array(z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }))
      .describe('The nodes above it that the caller sees, from the top'),
    own: z.object({
      systems: count.nullable(),
      assets: count.nullable(),
      contacts: count.nullable(),
      openFindings: OpenFindings.nullable(),
    }),
    below: below.extend({ organizations: count.describe('Without the node itself') }),
  })
  .meta({ id: 'OrganizationPage' });
export type OrganizationPage = z.infer<typeof OrganizationPage>;

/** One of `name`, `fields.name` and `fields.nameZh` must be there. */
export const CreateOrganization = z.object({
  name: name.optional(),
  nameZh: name.optional(),
  parentId: OrganizationId.optional().describe('Needed by whoever does not see the whole installation'),
  fields: SentFields.default({}).describe('Kind "organization" of the catalogue; without `parentCode`'),
});

/**
 * `version` goes with everything but `crossTool` and `steadyProof`. These two, code, parent, status and `collecting` are
 * changed by whoever may register organizations; everything else also by the organization itself.
 */
export const ChangeOrganization = z
  .object({
    version: Version.optional(),
    fields: SentFields.optional(),
    parentId: OrganizationId.nullable()
      .optional()
      .describe('Moves it with all that is below it; null: to the top'),
    mergedInto: OrganizationId.nullable().optional().describe('Goes with `fields.status` "merged"'),
    collecting: z.boolean().optional(),
    crossTool: z.boolean().optional(),
    steadyProof: z.boolean().optional(),
  })
  .refine(
    ({ version, crossTool: _, steadyProof: __, ...rest }) =>
      version !== undefined || Object.values(rest).every((one) => one === undefined),
    { path: ['version'], message: 'is needed' },
  );
export type ChangeOrganization = z.infer<typeof ChangeOrganization>;

import { z } from 'zod';
import { line, OrganizationId } from './wire.ts';

const name = line(300);

export const Organization = z
  .object({
    id: OrganizationId,
    name: z.string(),
    nameZh: z.string().nullable(),
    crossTool: z
      .boolean()
      .describe("Whether a scan may close another tool's finding where an equivalence declares it"),
  })
  .meta({
    id: 'Organization',
    example: { id: '7', name: 'Lakeside Hospital', nameZh: '湖畔医院', crossTool: false },
  });
export type Organization = z.infer<typeof Organization>;

export const CreateOrganization = z.object({ name, nameZh: name.optional() });
export const ChangeOrganization = z.object({ crossTool: z.boolean() });
export const OrganizationList = z.object({ items: z.array(Organization) });

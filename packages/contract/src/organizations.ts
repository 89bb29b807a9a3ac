import { z } from 'zod';
import { line, OrganizationId } from './wire.ts';

const name = line(300);

export const Organization = z
  .object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() })
  .meta({ id: 'Organization', example: { id: '7', name: 'Lakeside Hospital', nameZh: '湖畔医院' } });
export type Organization = z.infer<typeof Organization>;

export const CreateOrganization = z.object({ name, nameZh: name.optional() });
export const OrganizationList = z.object({ items: z.array(Organization) });

import type { WorkOrganization } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { OrganizationName } from '../app/OrganizationName.tsx';

/** The organization, and the telephone that is answered there. */
export function WhoToCall({ of }: { readonly of: WorkOrganization }) {
  return (
    <>
      <Link to="/organizations/$organizationId" params={{ organizationId: of.id }} search={{}}>
        <OrganizationName of={of} />
      </Link>
      {of.call === null ? null : (
        <small className="work-call">
          {of.call.name} <a href={`tel:${of.call.phone.replaceAll(/[^\d+]/g, '')}`}>{of.call.phone}</a>
        </small>
      )}
    </>
  );
}

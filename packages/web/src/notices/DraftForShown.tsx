import type { Finding } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';

/** Their ids stand in the address of the draft, which is not longer than addresses may be. */
const MOST = 200;

type Shown = Pick<Finding, 'id' | 'state'> & { readonly organization: { readonly id: string } };

/** Below a list of findings of one organization: a notice about all that is shown and not closed. */
export function DraftForShown({ shown }: { readonly shown: readonly Shown[] }) {
  const { t } = useTranslation();
  const mayDraft = useMay({ object: 'notice', action: 'create' });
  const open = shown.filter(({ state }) => state !== 'verified-fixed');
  const [organizationId, ...others] = new Set(open.map(({ organization }) => organization.id));
  if (!mayDraft || organizationId === undefined || others.length > 0 || open.length > MOST) return null;
  return (
    <Link
      className="button-link"
      to="/notices/new"
      search={{ kind: 'rectification', organizationId, findingIds: open.map(({ id }) => id).join(',') }}
    >
      {t('notices.draftShown', { count: open.length })}
    </Link>
  );
}

import type { NoticeDraft } from '@backcheck/contract';
import type { NoticeKind } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Papers that name the basis on which they are issued. */
const WITH_BASIS: readonly NoticeKind[] = ['inspection', 'rectification', 'circular', 'supervision'];

/** What an official paper should say and this one does not, for whoever drafts or approves it. */
export function Lacks({
  of: { kind, legalBasis, contact },
}: {
  readonly of: Pick<NoticeDraft, 'kind' | 'legalBasis' | 'contact'>;
}) {
  const { t } = useTranslation();
  const lacks = [
    ...(WITH_BASIS.includes(kind) && legalBasis.trim() === '' ? [t('notices.lacks.legalBasis')] : []),
    ...(contact.trim() === '' ? [t('notices.lacks.contact')] : []),
  ];
  if (lacks.length === 0) return null;
  return (
    <div role="status" className="notice-reason notice-lacks">
      {lacks.map((one) => (
        <div key={one}>{one}</div>
      ))}
      <Link to="/notices/office">{t('notices.lacks.office')}</Link>
    </div>
  );
}

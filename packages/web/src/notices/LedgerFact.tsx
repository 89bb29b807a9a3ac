import type { NoticeLedger } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { Fact } from '../ui/Fact.tsx';

/** Which entry of the ledger says of a paper what it says, and that it is this one. */
export function LedgerFact({ of }: { readonly of: NoticeLedger | null }) {
  const { t } = useTranslation();
  if (of === null) return null;
  return (
    <Fact label={t('notices.ledger.label')}>
      {t('notices.ledger.entry', { seq: of.seq })} <code className="hash">{of.hash}</code>
      <p className={of.same ? 'hint' : 'overdue'}>
        {t(of.same ? 'notices.ledger.same' : 'notices.ledger.other')}
      </p>
    </Fact>
  );
}

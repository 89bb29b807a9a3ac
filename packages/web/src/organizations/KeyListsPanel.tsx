import { useTranslation } from 'react-i18next';
import { KeyListTable } from './KeyListTable.tsx';
import { RecordList } from './RecordList.tsx';
import { useKeyListsOf } from './use-registers.ts';

/** The lists that this organization, or something of it, is on. */
export function KeyListsPanel({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const list = useKeyListsOf(organizationId);
  const items = list.data?.items ?? [];
  return (
    <RecordList
      title={t('organizations.sections.key-lists')}
      list={list}
      count={items.length}
      none={t('organizations.keyLists.noneOfIt')}
      action={null}
    >
      <KeyListTable items={items} />
    </RecordList>
  );
}

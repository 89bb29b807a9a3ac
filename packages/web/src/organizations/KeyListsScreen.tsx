import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useTitle } from '../ui/use-title.ts';
import { KeyListDialog } from './KeyListDialog.tsx';
import { KeyListTable } from './KeyListTable.tsx';
import { RecordList } from './RecordList.tsx';
import { useKeyLists } from './use-key-lists.ts';
import './organizations.css';

export function KeyListsScreen() {
  const { t } = useTranslation();
  useTitle(t('organizations.keyLists.title'));
  const list = useKeyLists();
  const mayChange = useMay({ object: 'organization', action: 'update' });
  const [adding, setAdding] = useState(false);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="screen">
      <Link className="back" to="/organizations">
        <span aria-hidden="true">←</span> {t('organizations.all')}
      </Link>
      <h1>{t('organizations.keyLists.title')}</h1>
      <p className="lead">{t('organizations.keyLists.lead')}</p>
      <RecordList
        title={null}
        list={list}
        count={items.length}
        none={t('organizations.keyLists.none')}
        action={
          mayChange ? (
            <Button onClick={() => setAdding(true)}>{t('organizations.keyLists.add')}</Button>
          ) : null
        }
      >
        <KeyListTable items={items} />
        {adding ? <KeyListDialog list={null} onClose={() => setAdding(false)} /> : null}
      </RecordList>
    </div>
  );
}

import { Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useTitle } from '../ui/use-title.ts';
import { NoticeFrame } from './NoticeFrame.tsx';
import { OfficeForm } from './OfficeForm.tsx';
import { OfficeHistory } from './OfficeHistory.tsx';
import { OfficeTemplates } from './OfficeTemplates.tsx';
import { useNoticeOffice } from './use-notice-office.ts';
import './office.css';

/** Who issues notices for a part of the tree, with which numbers, words and templates. */
export function NoticeOfficeScreen() {
  const { t } = useTranslation();
  const [node, setNode] = useState<string>();
  const office = useNoticeOffice(node);
  const mayChange = useMay({ object: 'notice', action: 'update' });
  useTitle(t('noticePapers.office.title'));
  return (
    <NoticeFrame title={t('noticePapers.office.title')}>
      <p className="lead">{t('noticePapers.office.lead')}</p>
      <Field id="office-node" label={t('noticePapers.office.node')}>
        <OrganizationSelect
          id="office-node"
          allowClear
          value={node}
          placeholder={t('noticePapers.office.everything')}
          onChange={setNode}
        />
      </Field>
      {office.error === null ? null : <Failure error={office.error} retry={() => void office.refetch()} />}
      {office.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {office.data === undefined ? null : (
        <>
          <OfficeForm
            key={`${node} ${office.data.history[0]?.setAt}`}
            node={node}
            office={office.data}
            mayChange={mayChange}
          />
          <OfficeHistory history={office.data.history} />
        </>
      )}
      {mayChange ? <OfficeTemplates node={node} /> : null}
    </NoticeFrame>
  );
}

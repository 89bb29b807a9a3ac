import type { RegisterFields } from '@backcheck/contract';
import type { RegisterKind } from '@backcheck/core';
import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { RecordView } from './RecordView.tsx';

interface RecordDetailsProps {
  readonly kind: RegisterKind;
  readonly title: string;
  readonly fields: RegisterFields;
  /** Undefined: this person may not change it. */
  readonly onEdit: (() => void) | undefined;
  readonly onClose: () => void;
}

/** A whole record of which a list shows a part. */
export function RecordDetails({ kind, title, fields, onEdit, onClose }: RecordDetailsProps) {
  const { t } = useTranslation();
  const edit =
    onEdit === undefined ? null : (
      <Button type="primary" onClick={onEdit}>
        {t('organizations.record.edit')}
      </Button>
    );
  return (
    <Modal open title={title} width={760} footer={edit} onCancel={onClose}>
      <RecordView kind={kind} fields={fields} />
    </Modal>
  );
}

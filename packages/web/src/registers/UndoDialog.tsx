import type { RegisterImport } from '@backcheck/contract';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';
import { useDecide } from './use-register-imports.ts';

interface UndoDialogProps {
  readonly of: RegisterImport;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Stays in place while it is closed: only so does the focus go back to where it was opened from. */
export function UndoDialog({ of, open, onClose }: UndoDialogProps) {
  const { t } = useTranslation();
  const decision = useDecide(of.id);
  return (
    <Modal
      open={open}
      title={t('registers.undo.title')}
      okText={t('registers.undo.confirm')}
      okButtonProps={{ danger: true }}
      confirmLoading={decision.isPending}
      onOk={() => decision.mutate({ step: 'undo' })}
      onCancel={onClose}
    >
      <p>
        {t('registers.result.history', { file: of.fileName, by: of.createdBy })}{' '}
        {of.appliedAt === null ? null : (
          <>
            {t('registers.result.appliedAt')} <When at={of.appliedAt} />
          </>
        )}
      </p>
      <p>{t('registers.undo.what')}</p>
      <p className="hint">{t('registers.undo.refusedIf')}</p>
      {decision.error === null ? null : <Failure error={decision.error} />}
    </Modal>
  );
}

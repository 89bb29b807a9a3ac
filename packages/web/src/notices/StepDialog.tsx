import { Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';

interface StepDialogProps {
  /** What the step is called. */
  readonly name: string;
  /** What it does. */
  readonly sure: string;
  readonly needsReason: boolean;
  readonly taking: { readonly isPending: boolean; readonly error: Error | null };
  readonly onTake: (reason: string) => void;
  readonly onClose: () => void;
}

/** Asks before a step is taken. Open until it is done: what was written is still there after a refusal. */
export function StepDialog({ name, sure, needsReason, taking, onTake, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <Modal
      open
      title={name}
      okText={name}
      okButtonProps={{ disabled: needsReason && reason.trim() === '' }}
      confirmLoading={taking.isPending}
      onOk={() => onTake(needsReason ? reason.trim() : '')}
      onCancel={onClose}
    >
      <p>{sure}</p>
      {needsReason ? (
        <Field id="step-reason" label={t('notices.reason')}>
          <Input.TextArea
            id="step-reason"
            rows={3}
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </Field>
      ) : null}
      {taking.error === null ? null : <Failure error={taking.error} />}
    </Modal>
  );
}

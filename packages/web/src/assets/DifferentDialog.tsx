import type { IdentityTask } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { DecisionDialog } from './DecisionDialog.tsx';
import { useAnswer } from './use-questions.ts';
import { useSettled } from './use-register.ts';

interface DifferentDialogProps {
  readonly task: IdentityTask;
  readonly onClose: () => void;
}

/** Keeps two assets apart, or one asset as it is: nothing but the answer is written. */
export function DifferentDialog({ task: { id, other }, onClose }: DifferentDialogProps) {
  const { t } = useTranslation();
  const answer = useAnswer();
  const settled = useSettled();
  const kind = other === null ? 'keep' : 'different';
  return (
    <DecisionDialog
      title={t(`assets.dialog.${kind}Title`)}
      action={t('assets.dialog.save')}
      ready
      happens={[t(`assets.dialog.${kind}Moves`)]}
      busy={answer.isPending}
      error={answer.error}
      changed={null}
      onDecide={(note) =>
        answer.mutate(
          { id, body: { outcome: 'different', note } },
          {
            onSuccess: () => {
              onClose();
              return settled();
            },
          },
        )
      }
      onClose={onClose}
    />
  );
}

import type { LinkChange } from '@backcheck/contract';
import { Button, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useSettled } from './use-register.ts';

interface DecisionDialogProps {
  readonly title: string;
  /** Of the button that does it. */
  readonly action: string;
  /** Whether all is there that the decision needs, besides the reason. */
  readonly ready: boolean;
  /** What will happen, a sentence each. */
  readonly happens: readonly string[];
  readonly busy: boolean;
  readonly error: Error | null;
  /** What it brought about; null until it is done. */
  readonly changed: LinkChange | null;
  readonly onDecide: (note: string) => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Says what a decision will do, asks for the reason, and then shows what it did. */
export function DecisionDialog(props: DecisionDialogProps) {
  const { t } = useTranslation();
  const settled = useSettled();
  const [note, setNote] = useState('');
  const { title, action, busy, error, changed } = props;
  // Only now do the screens behind ask again: the question that was answered leaves them.
  const finish = () => {
    props.onClose();
    void settled();
  };
  if (changed !== null) {
    return (
      <Modal open title={title} onCancel={finish} footer={<Done onClick={finish} />}>
        <Outcome changed={changed} />
      </Modal>
    );
  }
  const ready = props.ready && note.trim() !== '';
  return (
    <Modal
      open
      title={title}
      okText={action}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={busy}
      onOk={() => props.onDecide(note.trim())}
      onCancel={props.onClose}
    >
      <div className="decision">
        {props.children}
        <section className="happens" aria-label={t('assets.dialog.happens')}>
          <h3>{t('assets.dialog.happens')}</h3>
          <ul>
            {props.happens.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
        <Field id="decision-note" label={t('assets.dialog.note')} hint={t('assets.dialog.noteHint')}>
          <Input
            id="decision-note"
            value={note}
            maxLength={1000}
            onChange={({ target }) => setNote(target.value)}
            onPressEnter={() => (ready ? props.onDecide(note.trim()) : undefined)}
          />
        </Field>
        {error === null ? null : <Failure error={error} />}
      </div>
    </Modal>
  );
}

function Done({ onClick }: { readonly onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button type="primary" autoFocus onClick={onClick}>
      {t('assets.dialog.done')}
    </Button>
  );
}

function Outcome({ changed }: { readonly changed: LinkChange }) {
  const { t } = useTranslation();
  const figures = ['scans', 'findings', 'superseded', 'issued'] as const;
  return (
    <div role="status">
      <h3>{t('assets.dialog.doneTitle')}</h3>
      <dl className="outcome">
        {figures.map((one) => (
          <div key={one} data-figure={one}>
            <dt>{t(`assets.dialog.${one}`)}</dt>
            <dd>{changed[one]}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

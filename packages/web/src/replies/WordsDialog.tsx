import { Modal, Radio } from 'antd';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { focusField } from '../ui/TextField.tsx';
import { WordsField } from './WordsField.tsx';

/** The request of a dialog, which stays with what was typed until the server has taken it. */
export interface Sending {
  readonly pending: boolean;
  readonly error: Error | null;
}

interface WordsDialogProps {
  readonly title: string;
  readonly hint?: string;
  /** Yes and no, where there is something to choose. */
  readonly choices?: readonly [yes: string, no: string];
  readonly label: string;
  /** Yes cannot be chosen. */
  readonly onlyNo?: boolean;
  /** Further questions; `yes` is what is chosen now. */
  readonly children?: (yes: boolean) => ReactNode;
  readonly sending: Sending;
  readonly onSend: (words: string, yes: boolean) => void;
  readonly onClose: () => void;
}

const WORDS = 'step-words';

/** Every judgement has a reason, and whoever it is about reads it. */
export function WordsDialog(props: WordsDialogProps) {
  const { title, hint, choices, onlyNo = false, label, children, sending, onSend, onClose } = props;
  const { t } = useTranslation();
  const form = useId();
  const [words, setWords] = useState('');
  const [yes, setYes] = useState(!onlyNo);
  const [tried, setTried] = useState(false);
  const missing = tried && words.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (words.trim() === '') return focusField(WORDS);
    if (sending.pending) return;
    onSend(words.trim(), yes);
  };
  return (
    <Modal
      open
      title={title}
      okText={title}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={sending.pending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        {hint === undefined ? null : <p>{hint}</p>}
        {choices === undefined ? null : (
          <fieldset>
            <legend>{t('replies.choice.label')}</legend>
            <Radio.Group
              value={yes}
              options={choices.map((one, index) => ({
                value: index === 0,
                label: one,
                disabled: onlyNo && index === 0,
              }))}
              onChange={({ target }) => setYes(target.value === true)}
            />
          </fieldset>
        )}
        {children?.(yes)}
        <WordsField
          id={WORDS}
          label={label}
          value={words}
          error={missing ? t('replies.dialog.missing') : undefined}
          onChange={setWords}
        />
        {sending.error === null ? null : <Failure error={sending.error} />}
      </form>
    </Modal>
  );
}

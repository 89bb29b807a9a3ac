import { LANGUAGES, type Language, type SentInvitation } from '@backcheck/contract';
import { Button, Checkbox, Modal, Radio } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { focusField, isComplete, TextField } from '../ui/TextField.tsx';
import { fieldOfFlaw, GrantFields } from './GrantFields.tsx';
import { EMPTY_WISH, flawOfWish, type GrantWish, grantOf } from './grant-wish.ts';
import { SentNote } from './SentNote.tsx';
import { useInvite } from './use-people.ts';

const EMAIL = 'invite-email';
const NAME = 'invite-name';

export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const invite = useInvite();
  return invite.data === undefined ? (
    <InviteForm invite={invite} onClose={onClose} />
  ) : (
    <Sent sent={invite.data} onClose={onClose} />
  );
}

function Sent({ sent, onClose }: { readonly sent: SentInvitation; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t('people.invitation.sent')}
      onCancel={onClose}
      footer={
        <Button type="primary" autoFocus onClick={onClose}>
          {t('people.invitation.done')}
        </Button>
      }
    >
      <SentNote sent={sent} />
    </Modal>
  );
}

interface InviteFormProps {
  readonly invite: ReturnType<typeof useInvite>;
  readonly onClose: () => void;
}

function InviteForm({ invite, onClose }: InviteFormProps) {
  const { t } = useTranslation();
  const form = useId();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [language, setLanguage] = useState<Language>(useLanguage());
  const [twoFactorRequired, setTwoFactorRequired] = useState(false);
  const [wishes, setWishes] = useState<readonly GrantWish[]>([EMPTY_WISH]);
  const [checkedAt, setCheckedAt] = useState<string | null>(null);
  const errors = {
    [EMAIL]: email.includes('@') ? undefined : t('people.invitation.emailNeeded'),
    [NAME]: name.trim() === '' ? t('people.invitation.nameNeeded') : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const now = new Date().toISOString();
    setCheckedAt(now);
    if (!isComplete(errors)) return;
    for (const [index, wish] of wishes.entries()) {
      const flaw = flawOfWish(wish, now);
      if (flaw !== null) return focusField(fieldOfFlaw(`invite-grant-${index}`, flaw));
    }
    const grants = wishes.flatMap(grantOf);
    invite.mutate({ email: email.trim(), name: name.trim(), language, twoFactorRequired, grants });
  };
  return (
    <Modal
      open
      title={t('people.invitation.title')}
      okText={t('people.invitation.send')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={invite.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <TextField
          id={EMAIL}
          label={t('people.invitation.email')}
          type="email"
          autoComplete="off"
          maxLength={254}
          value={email}
          error={checkedAt === null ? undefined : errors[EMAIL]}
          onChange={setEmail}
        />
        <TextField
          id={NAME}
          label={t('people.invitation.name')}
          autoComplete="off"
          maxLength={200}
          value={name}
          error={checkedAt === null ? undefined : errors[NAME]}
          onChange={setName}
        />
        <fieldset>
          <legend>{t('people.invitation.language')}</legend>
          <Radio.Group
            value={language}
            options={LANGUAGES.map((value) => ({ value, label: value === 'zh' ? '中文' : 'English' }))}
            onChange={({ target }) => setLanguage(target.value)}
          />
        </fieldset>
        <Checkbox checked={twoFactorRequired} onChange={({ target }) => setTwoFactorRequired(target.checked)}>
          {t('people.invitation.twoFactorRequired')}
        </Checkbox>
        <Wishes wishes={wishes} checkedAt={checkedAt} onChange={setWishes} />
        {invite.error === null ? null : <Failure error={invite.error} />}
      </form>
    </Modal>
  );
}

interface WishesProps {
  readonly wishes: readonly GrantWish[];
  /** When it was last tried to send them; null: not yet, so that nothing is marked as wrong. */
  readonly checkedAt: string | null;
  readonly onChange: (change: (before: readonly GrantWish[]) => readonly GrantWish[]) => void;
}

function Wishes({ wishes, checkedAt, onChange }: WishesProps) {
  const { t } = useTranslation();
  return (
    <>
      {wishes.map((wish, index) => (
        <fieldset key={index} className="wish">
          <legend>{t('people.grant.number', { number: index + 1 })}</legend>
          <GrantFields
            id={`invite-grant-${index}`}
            wish={wish}
            flaw={checkedAt === null ? null : flawOfWish(wish, checkedAt)}
            onChange={(change) =>
              onChange((before) => before.map((one, at) => (at === index ? { ...one, ...change } : one)))
            }
          />
          {wishes.length === 1 ? null : (
            <Button size="small" onClick={() => onChange((before) => before.toSpliced(index, 1))}>
              {t('people.grant.remove')}
            </Button>
          )}
        </fieldset>
      ))}
      <Button className="another" onClick={() => onChange((before) => [...before, EMPTY_WISH])}>
        {t('people.grant.another')}
      </Button>
    </>
  );
}

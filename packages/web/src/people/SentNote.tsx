import type { SentInvitation } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Moment } from '../ui/Moment.tsx';

/** How the invitation comes to the person: by a mail of the server, or by a link that is shown once. */
export function SentNote({ sent }: { readonly sent: SentInvitation }) {
  const { t } = useTranslation();
  const { email, name, link, expiresAt } = sent;
  const address = link === null ? null : new URL(link, window.location.origin).href;
  return (
    <div role="status">
      {address === null ? (
        <p>{t('people.invitation.mailed', { email })}</p>
      ) : (
        <>
          <p>{t('people.invitation.link', { name })}</p>
          <p className="secret">
            <code>{address}</code>
          </p>
        </>
      )}
      <p className="hint">
        {t('people.invitation.works')} <Moment at={expiresAt} />
      </p>
      {address === null ? null : <CopyButton text={address} label={t('people.invitation.copyLink')} />}
    </div>
  );
}

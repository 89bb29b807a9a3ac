import { REPLY_KINDS, type ReplyKind } from '@backcheck/core';
import { Button, Dropdown, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { Failure } from '../ui/Failure.tsx';
import { Reach } from './Reach.tsx';
import { ReplyDialog } from './ReplyDialog.tsx';
import { type About, MOST, wishOf } from './use-reach.ts';
import { useReplyPreview } from './use-replies.ts';

/** One reply of any kind about many findings of one organization, for whoever answers for it. */
export function ReplyToSeveral(about: About) {
  const { t } = useTranslation();
  const mayReply = useMay({ object: 'reply', action: 'create' });
  const [kind, setKind] = useState<ReplyKind | null>(null);
  const count = about.findingIds.length;
  if (!mayReply || count === 0) return null;
  if (count > MOST) return <p className="hint">{t('replies.several.tooMany', { most: MOST })}</p>;
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: REPLY_KINDS.map((key) => ({
            key,
            label: t(`replies.panel.do.${key}`),
            onClick: () => setKind(key),
          })),
        }}
      >
        <Button aria-haspopup="menu">{t('replies.several.reply', { count })} ▾</Button>
      </Dropdown>
      {kind === null ? null : <Wish key={kind} kind={kind} about={about} onClose={() => setKind(null)} />}
    </>
  );
}

interface WishProps {
  readonly kind: ReplyKind;
  readonly about: About;
  readonly onClose: () => void;
}

/** The form where any of them can take part; else why none can. */
function Wish({ kind, about, onClose }: WishProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useReplyPreview({ kind, ...wishOf(about) });
  if (data !== undefined && data.findingIds.length > 0)
    return <ReplyDialog offer={data} about={about} onClose={onClose} />;
  return (
    <Modal open width={640} title={t(`replies.panel.do.${kind}`)} footer={null} onCancel={onClose}>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {data === undefined ? <Spin description={t('loading')} delay={300} /> : <Reach of={data} />}
    </Modal>
  );
}

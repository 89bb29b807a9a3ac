import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { InviteDialog } from './InviteDialog.tsx';

export function InviteButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!useMay({ object: 'account', action: 'create' })) return null;
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('people.invite')}
      </Button>
      {open ? <InviteDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

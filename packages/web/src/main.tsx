import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { Appearance } from './app/Appearance.tsx';
import { queryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import { startI18n } from './i18n/i18n.ts';
import './ui/ui.css';
import './ui/quiet.css';

// The page's content security policy forbids `new Function`, which zod would try for speed.
config({ jitless: true });
await startI18n();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Appearance>
        <RouterProvider router={router} />
      </Appearance>
    </QueryClientProvider>
  </StrictMode>,
);

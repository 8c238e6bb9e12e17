import './workers.ts';
import 'graphiql/style.css';
import './graphiql.css';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { askForKey } from '../credentials.ts';
import { readPageData } from '../pageData.ts';
import { createFetcher } from './fetcher.ts';

const { examples, needsCredentials } = readPageData();

const tabs = examples.map(({ text, variables }) => ({ query: text, variables: variables ?? null }));

/** `key` goes with every operation, introspection too, whose headers editor says nothing else. */
const render = (key: string | null): void => {
  const root = document.getElementById('graphiql');
  if (!root) return;
  createRoot(root).render(
    createElement(GraphiQL, {
      fetcher: createFetcher(location.href, key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(tabs.length > 0 ? { defaultTabs: tabs } : {}),
      defaultEditorToolsVisibility: true,
    }),
  );
};

if (needsCredentials) askForKey(render);
else render(null);

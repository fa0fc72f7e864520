/** The pages of Auscult: they know the API and nothing behind it. */
import "./token.ts";
import "./returned.ts";
import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "./styles/mantine.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/devices.css";
import "./styles/device.css";
import "./styles/lifecycle.css";
import "./styles/list.css";
import "./styles/policy.css";
import "./styles/findings.css";
import "./styles/today.css";
import "./styles/do-not-scan.css";
import "./styles/weaknesses.css";
import "./styles/reports.css";
import "./styles/opening.css";
import "./styles/account.css";
import "./styles/sites.css";
import { createTheme, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Refused } from "./api.ts";
import { LiveNews } from "./live.tsx";
import { router } from "./router.tsx";
import { IS_OF_ALL } from "./site.ts";
import { SitesPage } from "./sites/sites-page.tsx";

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Whatever was asked: signed out is signed out, and the whole page says so.
    onError: (error, { queryKey }) => {
      if (error instanceof Refused && error.signIn && queryKey[0] !== "session") void queries.refetchQueries({ queryKey: ["session"] });
    },
  }),
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // What was refused is refused again; what did not arrive may arrive.
      retry: (times, error) => !(error instanceof Refused) && times < 2,
    },
  },
});

const theme = createTheme({ fontFamily: "var(--sans)", respectReducedMotion: true, cursorType: "pointer", defaultRadius: 4 });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    {/* Its variables and classes come from style sheets, not from <style> elements, which the content security policy refuses. */}
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateCssVariables={false}
    >
      <QueryClientProvider client={queries}>
        {IS_OF_ALL ? (
          <SitesPage />
        ) : (
          <LiveNews>
            <RouterProvider router={router} />
          </LiveNews>
        )}
        <Notifications position="bottom-right" limit={4} transitionDuration={0} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

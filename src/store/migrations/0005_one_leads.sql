CREATE TABLE "lead" (
	"what" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
-- Attempts are taken from their own rows now; nobody performs these any more.
UPDATE "act" SET "status" = 'called-off' WHERE "kind" = 'start-attempt' AND "status" = 'open';

// Made by `npm run generate` from openapi/*.json and openapi-overlay.json.
export interface components {
    schemas: {
        "calendars.Availability": {
            date: string;
            hours: components["schemas"]["calendars.Hour"][];
            /** @default false */
            deleted?: boolean;
        };
        "calendars.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "calendars.CalendarDTO": {
            /** @default true */
            isActive?: boolean;
            /** @deprecated */
            notifications?: components["schemas"]["calendars.CalendarNotification"][];
            locationId: string;
            groupId?: string;
            teamMembers?: components["schemas"]["calendars.TeamMemberResponse"][];
            /**
             * @default RoundRobin_OptimizeForAvailability
             * @enum {string}
             */
            eventType?: "RoundRobin_OptimizeForAvailability" | "RoundRobin_OptimizeForEqualDistribution";
            name: string;
            description?: string;
            slug?: string;
            widgetSlug?: string;
            /** @enum {string} */
            calendarType?: "round_robin" | "event" | "class_booking" | "collective" | "service_booking" | "personal";
            /**
             * @default classic
             * @enum {string}
             */
            widgetType?: "default" | "classic";
            /** @default {{contact.name}} */
            eventTitle?: string;
            /** @default #039be5 */
            eventColor?: string;
            /** @deprecated */
            readonly meetingLocation?: string;
            locationConfigurations?: components["schemas"]["calendars.LocationConfigurationResponse"][];
            /** @default 30 */
            slotDuration?: number;
            /** @enum {string} */
            slotDurationUnit?: "mins" | "hours";
            /** @default 30 */
            slotInterval?: number;
            /** @enum {string} */
            slotIntervalUnit?: "mins" | "hours";
            slotBuffer?: number;
            /** @enum {string} */
            slotBufferUnit?: "mins" | "hours";
            preBuffer?: number;
            /** @enum {string} */
            preBufferUnit?: "mins" | "hours";
            /** @default 1 */
            appoinmentPerSlot?: number;
            appoinmentPerDay?: number;
            allowBookingAfter?: number;
            /** @enum {string} */
            allowBookingAfterUnit?: "hours" | "days" | "weeks" | "months";
            allowBookingFor?: number;
            /** @enum {string} */
            allowBookingForUnit?: "days" | "weeks" | "months";
            openHours?: components["schemas"]["calendars.OpenHour"][];
            /** @default false */
            enableRecurring?: boolean;
            recurring?: components["schemas"]["calendars.Recurring"];
            formId?: string;
            stickyContact?: boolean;
            isLivePaymentMode?: boolean;
            /** @default true */
            autoConfirm?: boolean;
            shouldSendAlertEmailsToAssignedMember?: boolean;
            alertEmail?: string;
            /** @default false */
            googleInvitationEmails?: boolean;
            /** @default true */
            allowReschedule?: boolean;
            /** @default true */
            allowCancellation?: boolean;
            shouldAssignContactToTeamMember?: boolean;
            shouldSkipAssigningContactForExisting?: boolean;
            notes?: string;
            pixelId?: string;
            /**
             * @default ThankYouMessage
             * @enum {string}
             */
            formSubmitType?: "RedirectURL" | "ThankYouMessage";
            formSubmitRedirectURL?: string;
            formSubmitThanksMessage?: string;
            /** @enum {number} */
            availabilityType?: 0 | 1;
            availabilities?: components["schemas"]["calendars.Availability"][];
            /** @enum {string} */
            guestType?: "count_only" | "collect_detail";
            consentLabel?: string;
            calendarCoverImage?: string;
            lookBusyConfig?: components["schemas"]["calendars.LookBusyConfiguration"];
            id: string;
        };
        "calendars.CalendarNotification": {
            /**
             * @default email
             * @enum {string}
             */
            type?: "email";
            shouldSendToContact: boolean;
            shouldSendToGuest: boolean;
            shouldSendToUser: boolean;
            shouldSendToSelectedUsers: boolean;
            selectedUsers: string;
        };
        "calendars.CalendarsGetSuccessfulResponseDTO": {
            calendars?: components["schemas"]["calendars.CalendarDTO"][];
        };
        "calendars.Hour": {
            openHour: number;
            openMinute: number;
            closeHour: number;
            closeMinute: number;
        };
        "calendars.LocationConfigurationResponse": {
            /** @enum {string} */
            kind: "custom" | "zoom_conference" | "google_conference" | "inbound_call" | "outbound_call" | "physical" | "booker" | "ms_teams_conference";
            location?: string;
            meetingId?: string;
        };
        "calendars.LookBusyConfiguration": {
            /** @default false */
            enabled: boolean;
            LookBusyPercentage: number;
        };
        "calendars.OpenHour": {
            daysOfTheWeek: number[];
            hours: components["schemas"]["calendars.Hour"][];
        };
        "calendars.Recurring": {
            /** @enum {string} */
            freq?: "DAILY" | "WEEKLY" | "MONTHLY";
            count?: number;
            /** @enum {string} */
            bookingOption?: "skip" | "continue" | "book_next";
            /** @enum {string} */
            bookingOverlapDefaultStatus?: "confirmed" | "new";
        };
        "calendars.TeamMemberResponse": {
            userId: string;
            /**
             * @default 0.5
             * @enum {number}
             */
            priority?: 0 | 0.5 | 1;
            /**
             * @deprecated
             * @default custom
             * @enum {string}
             */
            readonly meetingLocationType?: "custom" | "zoom" | "gmeet" | "phone" | "address" | "teams" | "booker";
            /** @deprecated */
            readonly meetingLocation?: string;
            isPrimary?: boolean;
            locationConfigurations?: components["schemas"]["calendars.LocationConfigurationResponse"][];
        };
        "calendars.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "contacts.AttributionSource": {
            url: string;
            campaign?: string | null;
            utmSource?: string | null;
            utmMedium?: string | null;
            utmContent?: string | null;
            referrer?: string | null;
            campaignId?: string | null;
            fbclid?: string | null;
            gclid?: string | null;
            msclikid?: string | null;
            dclid?: string | null;
            fbc?: string | null;
            fbp?: string | null;
            fbEventId?: string | null;
            userAgent?: string | null;
            ip?: string | null;
            medium?: string | null;
            mediumId?: string | null;
        };
        "contacts.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "contacts.CheckboxField": {
            id: string;
            key?: string;
            field_value?: string[];
        };
        "contacts.ContactsByIdSuccessfulResponseDto": {
            contact?: components["schemas"]["contacts.GetContectByIdSchema"];
        };
        "contacts.ContactsWorkflowSuccessfulResponseDto": {
            succeded?: boolean;
        };
        "contacts.CreateAddTagSuccessfulResponseDto": {
            tags?: string[];
        };
        "contacts.CreateDeleteTagSuccessfulResponseDto": {
            tags?: string[];
        };
        "contacts.CreateTaskParams": {
            title: string;
            body?: string;
            /** Format: date-time */
            dueDate: string;
            completed: boolean;
            assignedTo?: string;
        };
        "contacts.CreateWorkflowDto": {
            eventStartTime?: string;
        };
        "contacts.CustomFieldSchema": {
            id?: string;
            value?: string | number | unknown[] | Record<string, never>;
        };
        "contacts.DeleteNoteSuccessfulResponseDto": {
            succeded?: boolean;
        };
        "contacts.DeleteTaskSuccessfulResponseDto": {
            succeded?: boolean;
        };
        "contacts.DndSettingSchema": {
            /** @enum {string} */
            status: "active" | "inactive" | "permanent";
            message?: string;
            code?: string;
        };
        "contacts.DndSettingsSchema": {
            Call?: components["schemas"]["contacts.DndSettingSchema"];
            Email?: components["schemas"]["contacts.DndSettingSchema"];
            SMS?: components["schemas"]["contacts.DndSettingSchema"];
            WhatsApp?: components["schemas"]["contacts.DndSettingSchema"];
            GMB?: components["schemas"]["contacts.DndSettingSchema"];
            FB?: components["schemas"]["contacts.DndSettingSchema"];
        };
        "contacts.FileField": {
            id: string;
            key?: string;
            field_value?: Record<string, never>;
        };
        "contacts.GetContectByIdSchema": {
            id?: string;
            name?: string;
            locationId?: string;
            firstName?: string;
            lastName?: string;
            email?: string;
            emailLowerCase?: string;
            timezone?: string;
            companyName?: string;
            phone?: string;
            dnd?: boolean;
            dndSettings?: components["schemas"]["contacts.DndSettingsSchema"];
            type?: string;
            source?: string;
            assignedTo?: string;
            address1?: string;
            city?: string;
            state?: string;
            country?: string;
            postalCode?: string;
            website?: string;
            tags?: string[];
            dateOfBirth?: string;
            dateAdded?: string;
            dateUpdated?: string;
            attachments?: string;
            ssn?: string;
            keyword?: string;
            firstNameLowerCase?: string;
            fullNameLowerCase?: string;
            lastNameLowerCase?: string;
            lastActivity?: string;
            customFields?: components["schemas"]["contacts.CustomFieldSchema"][];
            businessId?: string;
            attributionSource?: components["schemas"]["contacts.AttributionSource"];
            lastAttributionSource?: components["schemas"]["contacts.AttributionSource"];
            visitorId?: string;
        };
        "contacts.GetCreateUpdateNoteSuccessfulResponseDto": {
            note?: components["schemas"]["contacts.GetNoteSchema"];
        };
        "contacts.GetNoteSchema": {
            id?: string;
            body?: string;
            userId?: string;
            dateAdded?: string;
            contactId?: string;
            title?: string;
            color?: string;
            pinned?: boolean;
        };
        "contacts.GetNotesListSuccessfulResponseDto": {
            notes?: components["schemas"]["contacts.GetNoteSchema"][];
        };
        "contacts.InboundDndSettingSchema": {
            /** @enum {string} */
            status: "active" | "inactive";
            message?: string;
        };
        "contacts.InboundDndSettingsSchema": {
            all?: components["schemas"]["contacts.InboundDndSettingSchema"];
        };
        "contacts.LargeTextField": {
            id: string;
            key?: string;
            field_value?: string;
        };
        "contacts.MonetoryField": {
            id: string;
            key?: string;
            field_value?: number;
        };
        "contacts.MultiSelectField": {
            id: string;
            key?: string;
            field_value?: string[];
        };
        "contacts.NotesDTO": {
            userId?: string;
            body: string;
            title?: string;
            color?: string;
            pinned?: boolean;
        };
        "contacts.NumericField": {
            id: string;
            key?: string;
            field_value?: number;
        };
        "contacts.RadioField": {
            id: string;
            key?: string;
            field_value?: string;
        };
        "contacts.SingleSelectField": {
            id: string;
            key?: string;
            field_value?: string;
        };
        "contacts.TagsDTO": {
            tags: string[];
        };
        "contacts.TaskByIsSuccessfulResponseDto": {
            task?: components["schemas"]["contacts.TaskSchema"];
        };
        "contacts.TaskSchema": {
            id?: string;
            title?: string;
            body?: string;
            assignedTo?: string;
            dueDate?: string;
            completed?: boolean;
            contactId?: string;
        };
        "contacts.TasksListSuccessfulResponseDto": {
            tasks?: components["schemas"]["contacts.TaskSchema"][];
        };
        "contacts.TextField": {
            id: string;
            key?: string;
            field_value?: string;
        };
        "contacts.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "contacts.UnprocessableDTO": {
            statusCode?: number;
            message?: string[];
            error?: string;
        };
        "contacts.UpdateContactDto": {
            firstName?: string | null;
            lastName?: string | null;
            name?: string | null;
            email?: string | null;
            phone?: string | null;
            address1?: string | null;
            city?: string | null;
            state?: string | null;
            postalCode?: string;
            website?: string | null;
            timezone?: string | null;
            dnd?: boolean;
            dndSettings?: components["schemas"]["contacts.DndSettingsSchema"];
            inboundDndSettings?: components["schemas"]["contacts.InboundDndSettingsSchema"];
            tags?: string[];
            customFields?: (components["schemas"]["contacts.TextField"] | components["schemas"]["contacts.LargeTextField"] | components["schemas"]["contacts.SingleSelectField"] | components["schemas"]["contacts.RadioField"] | components["schemas"]["contacts.NumericField"] | components["schemas"]["contacts.MonetoryField"] | components["schemas"]["contacts.CheckboxField"] | components["schemas"]["contacts.MultiSelectField"] | components["schemas"]["contacts.FileField"])[];
            source?: string | null;
            dateOfBirth?: Record<string, never> | null;
            country?: string;
            assignedTo?: string | null;
        };
        "contacts.UpdateContactsSuccessfulResponseDto": {
            succeded?: boolean;
            contact?: components["schemas"]["contacts.GetContectByIdSchema"];
        };
        "conversations.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "conversations.ConversationSchema": {
            id: string;
            contactId: string;
            locationId: string;
            lastMessageBody: string;
            /** @enum {string} */
            lastMessageType: "TYPE_CALL" | "TYPE_SMS" | "TYPE_RCS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION";
            /** @enum {string} */
            type: "TYPE_PHONE" | "TYPE_EMAIL" | "TYPE_FB_MESSENGER" | "TYPE_REVIEW" | "TYPE_GROUP_SMS";
            unreadCount: number;
            fullName: string;
            contactName: string;
            email: string;
            phone: string;
        };
        "conversations.ForwardConfigDto": {
            isForwarded: boolean;
            forwardWholeThread?: boolean;
            messageId?: string;
            emailMessageId?: string;
            sourceContactId?: string;
            sourceConversationId?: string;
            toEmail?: string;
            recipientContactId?: string;
            recipientConversationId?: string;
        };
        "conversations.ForwardResponseDto": {
            forwardWholeThread?: boolean;
            messageId?: string;
            emailMessageId?: string;
            sourceContactId?: string;
            sourceConversationId?: string;
            forwardToEmail?: string;
            recipientContactId?: string;
            recipientConversationId?: string;
        };
        "conversations.GetEmailMessageResponseDto": {
            id: string;
            altId?: string;
            threadId: string;
            locationId: string;
            contactId: string;
            conversationId: string;
            dateAdded: string;
            subject?: string;
            body: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            /** @enum {string} */
            status?: "pending" | "scheduled" | "sent" | "delivered" | "read" | "undelivered" | "connected" | "failed" | "opened";
            contentType: string;
            attachments?: string[];
            provider?: string;
            from: string;
            to: string[];
            cc?: string[];
            bcc?: string[];
            replyToMessageId?: string;
            /** @enum {string} */
            source?: "workflow" | "bulk_actions" | "campaign" | "api" | "app";
            conversationProviderId?: string;
        };
        "conversations.GetMessageResponseDto": {
            id: string;
            type: number;
            /** @enum {string} */
            messageType: "TYPE_CALL" | "TYPE_SMS" | "TYPE_RCS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION";
            locationId: string;
            contactId: string;
            conversationId: string;
            dateAdded: string;
            body?: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            /** @enum {string} */
            status?: "connected" | "delivered" | "failed" | "opened" | "pending" | "read" | "scheduled" | "sent" | "undelivered" | "clicked" | "opt_out" | "queued";
            contentType: string;
            attachments?: string[];
            meta?: components["schemas"]["conversations.MessageMeta"];
            /** @enum {string} */
            source?: "workflow" | "bulk_actions" | "campaign" | "api" | "app";
            userId?: string;
            conversationProviderId?: string;
            chatWidgetId?: string;
        };
        "conversations.GetMessagesByConversationResponseDto": {
            messages: {
                lastMessageId: string;
                nextPage: boolean;
                messages: components["schemas"]["conversations.GetMessageResponseDto"][];
            };
        };
        "conversations.MessageMeta": {
            callDuration?: string;
            /** @enum {string} */
            callStatus?: "pending" | "completed" | "answered" | "busy" | "no-answer" | "failed" | "canceled" | "voicemail";
            email?: {
                messageIds?: string[];
            };
        };
        "conversations.SendConversationResponseDto": {
            conversations: components["schemas"]["conversations.ConversationSchema"][];
            total: number;
        };
        "conversations.SendMessageBodyDto": {
            /** @enum {string} */
            type: "SMS" | "RCS" | "Email" | "WhatsApp" | "IG" | "FB" | "Custom" | "Live_Chat" | "TIKTOK";
            subType?: Record<string, never>;
            contactId: string;
            appointmentId?: string;
            attachments?: string[];
            emailFrom?: string;
            emailCc?: string[];
            emailBcc?: string[];
            html?: string;
            message?: string;
            subject?: string;
            replyMessageId?: string;
            templateId?: string;
            threadId?: string;
            scheduledTimestamp?: number;
            conversationProviderId?: string;
            emailTo?: string;
            customSubtypeId?: string;
            /** @enum {string} */
            emailReplyMode?: "reply" | "reply_all";
            fromNumber?: string;
            toNumber?: string;
            forward?: components["schemas"]["conversations.ForwardConfigDto"];
            /** @enum {string} */
            status?: "delivered" | "failed" | "pending" | "read";
            usesNativeSchedulingAi?: boolean;
            /** @enum {string} */
            optimizationPeriod?: "24h" | "48h" | "72h";
        };
        "conversations.SendMessageResponseDto": {
            conversationId: string;
            emailMessageId?: string;
            messageId: string;
            messageIds?: string[];
            msg?: string;
            forwardData?: components["schemas"]["conversations.ForwardResponseDto"];
            /** @enum {string} */
            status: "delivered" | "failed" | "pending" | "read";
        };
        "conversations.StartAfterArrayNumberSchema": {
            startAfterDate?: string[];
        };
        "conversations.StartAfterNumberSchema": {
            startAfterDate?: number;
        };
        "conversations.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "locations.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "locations.BusinessSchema": {
            name?: string;
            address?: string;
            city?: string;
            state?: string;
            country?: string;
            postalCode?: string;
            website?: string;
            timezone?: string;
            logoUrl?: string;
        };
        "locations.CustomFieldSchema": {
            id?: string;
            name?: string;
            fieldKey?: string;
            placeholder?: string;
            dataType?: string;
            position?: number;
            picklistOptions?: string[];
            picklistImageOptions?: string[];
            isAllowedCustomOption?: boolean;
            isMultiFileAllowed?: boolean;
            maxFileLimit?: number;
            locationId?: string;
            /** @enum {string} */
            model?: "contact" | "opportunity";
        };
        "locations.CustomFieldsListSuccessfulResponseDto": {
            customFields?: components["schemas"]["locations.CustomFieldSchema"][];
        };
        "locations.GetLocationByIdSchema": {
            id?: string;
            companyId?: string;
            name?: string;
            domain?: string;
            address?: string;
            city?: string;
            state?: string;
            logoUrl?: string;
            country?: string;
            postalCode?: string;
            website?: string;
            timezone?: string;
            firstName?: string;
            lastName?: string;
            email?: string;
            phone?: string;
            business?: components["schemas"]["locations.BusinessSchema"];
            social?: components["schemas"]["locations.SocialSchema"];
            settings?: components["schemas"]["locations.SettingsSchema"];
            reseller?: Record<string, never>;
        };
        "locations.GetLocationByIdSuccessfulResponseDto": {
            location?: components["schemas"]["locations.GetLocationByIdSchema"];
        };
        "locations.LocationTagsSchema": {
            name?: string;
            locationId?: string;
            id?: string;
        };
        "locations.LocationTagsSuccessfulResponseDto": {
            tags?: components["schemas"]["locations.LocationTagsSchema"][];
        };
        "locations.LocationTaskListSuccessfulResponseDto": {
            tasks?: {
                _id?: string;
                id?: string;
                contactId?: string;
            }[];
        };
        "locations.SettingsSchema": {
            allowDuplicateContact?: boolean;
            allowDuplicateOpportunity?: boolean;
            allowFacebookNameMerge?: boolean;
            disableContactTimezone?: boolean;
        };
        "locations.SocialSchema": {
            facebookUrl?: string;
            googlePlus?: string;
            linkedIn?: string;
            foursquare?: string;
            twitter?: string;
            yelp?: string;
            instagram?: string;
            youtube?: string;
            pinterest?: string;
            blogRss?: string;
            googlePlacesId?: string;
        };
        "locations.TaskSearchParamsDto": {
            contactId?: string[];
            completed?: boolean;
            assignedTo?: string[];
            query?: string;
            /** @default 25 */
            limit?: number;
            /** @default 0 */
            skip?: number;
            businessId?: string;
        };
        "locations.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "locations.UnprocessableDTO": {
            statusCode?: number;
            message?: string[];
            error?: string;
        };
        "opportunities.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "opportunities.CreateDto": {
            pipelineId: string;
            locationId: string;
            name: string;
            pipelineStageId?: string;
            /** @enum {string} */
            status: "open" | "won" | "lost" | "abandoned" | "all";
            contactId: string;
            monetaryValue?: number;
            assignedTo?: string;
            customFields?: (components["schemas"]["opportunities.customFieldsInputStringSchema"] | components["schemas"]["opportunities.customFieldsInputArraySchema"] | components["schemas"]["opportunities.customFieldsInputObjectSchema"])[];
        };
        "opportunities.CustomFieldResponseSchema": {
            id: string;
            fieldValue: string | Record<string, never> | string[] | Record<string, never>[];
        };
        "opportunities.DeleteUpdateOpportunitySuccessfulResponseDto": {
            succeded?: boolean;
        };
        "opportunities.GetPipelinesSuccessfulResponseDto": {
            pipelines?: components["schemas"]["opportunities.PipelinesResponseSchema"][];
        };
        "opportunities.GetPostOpportunitySuccessfulResponseDto": {
            opportunity?: components["schemas"]["opportunities.SearchOpportunitiesResponseSchema"];
        };
        "opportunities.PipelinesResponseSchema": {
            id?: string;
            name?: string;
            stages?: {
                id?: string;
                name?: string;
                position?: number;
            }[];
            showInFunnel?: boolean;
            showInPieChart?: boolean;
            locationId?: string;
            /** @enum {string} */
            colorRenderMode?: "dot" | "bg-tint" | "none";
        };
        "opportunities.SearchMetaResponseSchema": {
            total?: number;
            nextPageUrl?: string;
            startAfterId?: string;
            startAfter?: number;
            currentPage?: number;
            nextPage?: number;
            prevPage?: number;
        };
        "opportunities.SearchOpportunitiesContactResponseSchema": {
            id?: string;
            name?: string;
            companyName?: string;
            email?: string;
            phone?: string;
            tags?: string[];
        };
        "opportunities.SearchOpportunitiesResponseSchema": {
            id?: string;
            name?: string;
            monetaryValue?: number;
            pipelineId?: string;
            pipelineStageId?: string;
            assignedTo?: string;
            status?: string;
            source?: string;
            lastStatusChangeAt?: string;
            lastStageChangeAt?: string;
            lastActionDate?: string;
            indexVersion?: string;
            createdAt?: string;
            updatedAt?: string;
            contactId?: string;
            locationId?: string;
            contact?: components["schemas"]["opportunities.SearchOpportunitiesContactResponseSchema"];
            notes?: unknown[][];
            tasks?: unknown[][];
            calendarEvents?: unknown[][];
            lostReasonId?: string;
            customFields?: components["schemas"]["opportunities.CustomFieldResponseSchema"][];
            followers?: unknown[][];
            externalObjectId?: string;
        };
        "opportunities.SearchSuccessfulResponseDto": {
            opportunities?: components["schemas"]["opportunities.SearchOpportunitiesResponseSchema"][];
            meta?: components["schemas"]["opportunities.SearchMetaResponseSchema"];
            aggregations?: Record<string, never>;
        };
        "opportunities.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "opportunities.UnprocessableDTO": {
            statusCode?: number;
            message?: string[];
            error?: string;
        };
        "opportunities.UpdateOpportunityDto": {
            pipelineId?: string;
            name?: string;
            pipelineStageId?: string;
            /** @enum {string} */
            status?: "open" | "won" | "lost" | "abandoned" | "all";
            monetaryValue?: number;
            assignedTo?: string;
            customFields?: (components["schemas"]["opportunities.customFieldsInputStringSchema"] | components["schemas"]["opportunities.customFieldsInputArraySchema"] | components["schemas"]["opportunities.customFieldsInputObjectSchema"])[];
        };
        "opportunities.customFieldsInputArraySchema": {
            id: string;
            key?: string;
            field_value?: string[];
        };
        "opportunities.customFieldsInputObjectSchema": {
            id: string;
            key?: string;
            field_value?: Record<string, never>;
        };
        "opportunities.customFieldsInputStringSchema": {
            id?: string;
            key?: string;
            field_value?: string;
        };
        "phone-system.DetailedPhoneNumberDto": {
            phoneNumber: string;
            friendlyName?: string | null;
            sid: string;
            countryCode: string;
            capabilities: {
                voice?: boolean;
                sms?: boolean;
                mms?: boolean;
                fax?: boolean;
            };
            /** @enum {string} */
            type: "local" | "toll-free" | "mobile" | "national";
            isDefaultNumber: boolean;
            linkedUser?: string | null;
            linkedRingAllUsers: string[];
            inboundCallService?: {
                /** @enum {string} */
                type?: "voice_ai" | "ivr" | "forward";
                value?: string;
            } | null;
            forwardingNumber?: string | null;
            isGroupConversationEnabled: boolean;
            addressSid?: string | null;
            bundleSid?: string | null;
            /** Format: date-time */
            dateAdded?: string;
            /** Format: date-time */
            dateUpdated?: string;
            /** @enum {string} */
            origin?: "twilio" | "hosted" | "ported";
        };
        "phone-system.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "users.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "users.LocationSuccessfulResponseDto": {
            users?: components["schemas"]["users.UserSchema"][];
        };
        "users.PermissionsDto": {
            /** @default true */
            campaignsEnabled?: boolean;
            /** @default false */
            campaignsReadOnly?: boolean;
            /** @default true */
            contactsEnabled?: boolean;
            /** @default true */
            workflowsEnabled?: boolean;
            /** @default false */
            workflowsReadOnly?: boolean;
            /** @default true */
            triggersEnabled?: boolean;
            /** @default true */
            funnelsEnabled?: boolean;
            /** @default false */
            websitesEnabled?: boolean;
            /** @default true */
            opportunitiesEnabled?: boolean;
            /** @default true */
            dashboardStatsEnabled?: boolean;
            /** @default true */
            bulkRequestsEnabled?: boolean;
            /** @default true */
            appointmentsEnabled?: boolean;
            /** @default true */
            reviewsEnabled?: boolean;
            /** @default true */
            onlineListingsEnabled?: boolean;
            /** @default true */
            phoneCallEnabled?: boolean;
            /** @default true */
            conversationsEnabled?: boolean;
            /** @default false */
            assignedDataOnly?: boolean;
            /** @default false */
            adwordsReportingEnabled?: boolean;
            /** @default false */
            membershipEnabled?: boolean;
            /** @default false */
            facebookAdsReportingEnabled?: boolean;
            /** @default false */
            attributionsReportingEnabled?: boolean;
            /** @default true */
            settingsEnabled?: boolean;
            /** @default true */
            tagsEnabled?: boolean;
            /** @default true */
            leadValueEnabled?: boolean;
            /** @default true */
            marketingEnabled?: boolean;
            /** @default true */
            agentReportingEnabled?: boolean;
            /** @default false */
            botService?: boolean;
            /** @default true */
            socialPlanner?: boolean;
            /** @default true */
            bloggingEnabled?: boolean;
            /** @default true */
            invoiceEnabled?: boolean;
            /** @default true */
            affiliateManagerEnabled?: boolean;
            /** @default true */
            contentAiEnabled?: boolean;
            /** @default true */
            refundsEnabled?: boolean;
            /** @default true */
            recordPaymentEnabled?: boolean;
            /** @default true */
            cancelSubscriptionEnabled?: boolean;
            /** @default true */
            paymentsEnabled?: boolean;
            /** @default true */
            communitiesEnabled?: boolean;
            /** @default true */
            exportPaymentsEnabled?: boolean;
        };
        "users.RoleSchema": {
            type?: string;
            role?: string;
            locationIds?: string[];
            restrictSubAccount?: boolean;
        };
        "users.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "users.UserSchema": {
            id?: string;
            name?: string;
            firstName?: string;
            lastName?: string;
            email?: string;
            phone?: string;
            extension?: string;
            permissions?: components["schemas"]["users.PermissionsDto"];
            /** @enum {string} */
            scopes?: "campaigns.readonly" | "campaigns.write" | "calendars.readonly" | "calendars/events.write" | "calendars/groups.write" | "calendars.write" | "contacts.write" | "contacts/bulkActions.write" | "workflows.readonly" | "workflows.write" | "triggers.write" | "funnels.write" | "forms.write" | "surveys.write" | "quizzes.write" | "websites.write" | "medias.write" | "medias.readonly" | "opportunities.write" | "opportunities/leadValue.readonly" | "opportunities/bulkActions.write" | "reporting/phone.readonly" | "reporting/adwords.readonly" | "reporting/facebookAds.readonly" | "reporting/attributions.readonly" | "prospecting/auditReport.write" | "reporting/reports.readonly" | "reporting/agent.readonly" | "reporting/reports.write" | "reporting/stats.export" | "payments.write" | "payments/records.write" | "payments/orders.readonly" | "payments/orders.export" | "payments/orders.import" | "payments/orders.collectPayment" | "payments/subscriptions.readonly" | "payments/subscriptions.write" | "payments/subscriptions.update" | "payments/subscriptions.export" | "payments/subscriptions.pauseResumeCancel" | "payments/subscriptions.sharePaymentMethod" | "payments/transactions.readonly" | "payments/transactions.export" | "payments/transactions.import" | "payments/transactions.refund" | "payments/transactions.viewReceipts" | "payments/taxesSettings.readonly" | "payments/settings.readonly" | "payments/taxesSettings.updateInclusiveExclusive" | "payments/taxesSettings.manageRates" | "payments/taxesSettings.configureAutomatic" | "products.readonly" | "products.write" | "products.delete" | "products.duplicate" | "products.bulkActions" | "payments/settings.write" | "payments/settings.configureReceipt" | "payments/settings.configureSubscription" | "invoices.write" | "invoices.readonly" | "invoices/schedule.readonly" | "invoices/schedule.write" | "invoices/template.readonly" | "invoices/template.write" | "reputation/review.write" | "reputation/listing.write" | "reputation/reviewsAIAgents.write" | "reputation/gbp.write" | "conversations.write" | "conversations.readonly" | "conversations/message.readonly" | "conversations/message.write" | "contentAI.write" | "dashboard/stats.readonly" | "locations/tags.write" | "locations/tags.readonly" | "marketing.write" | "eliza.write" | "settings.write" | "socialplanner/post.write" | "socialplanner/account.readonly" | "socialplanner/account.write" | "socialplanner/category.readonly" | "socialplanner/category.write" | "socialplanner/csv.readonly" | "socialplanner/csv.write" | "socialplanner/group.write" | "socialplanner/hashtag.readonly" | "socialplanner/hashtag.write" | "socialplanner/oauth.readonly" | "socialplanner/oauth.write" | "socialplanner/post.readonly" | "socialplanner/recurring.readonly" | "socialplanner/recurring.write" | "socialplanner/review.readonly" | "socialplanner/review.write" | "socialplanner/rss.readonly" | "socialplanner/rss.write" | "socialplanner/search.readonly" | "socialplanner/setting.readonly" | "socialplanner/setting.write" | "socialplanner/stat.readonly" | "socialplanner/tag.readonly" | "socialplanner/tag.write" | "socialplanner/filters.readonly" | "socialplanner/medias.readonly" | "socialplanner/medias.write" | "socialplanner/watermarks.readonly" | "socialplanner/watermarks.write" | "socialplanner/metatag.readonly" | "socialplanner/facebook.readonly" | "socialplanner/linkedin.readonly" | "socialplanner/twitter.readonly" | "socialplanner/notification.readonly" | "socialplanner/notification.write" | "socialplanner/snapshot.readonly" | "socialplanner/snapshot.write" | "marketing/affiliate.write" | "blogs.write" | "membership.write" | "communities.write" | "gokollab.write" | "certificates.write" | "certificates.readonly" | "adPublishing.write" | "adPublishing.readonly" | "prospecting.write" | "prospecting.readonly" | "prospecting/reports.readonly" | "private-integration-location.readonly" | "private-integration-location.write" | "private-integration-company.readonly" | "private-integration-company.write" | "native-integrations.readonly" | "native-integrations.write" | "wordpress.write" | "wordpress.read" | "custom-menu-link.write" | "qrcodes.write" | "users/team-management.write" | "users/team-management.readonly" | "loginas.write" | "users-sso-login-management.write" | "users-sso-login-management.readonly" | "sso-config.write" | "snapshots/api.readonly" | "snapshots/api.create" | "snapshots/api.edit" | "snapshots/api.push" | "snapshots/api.refresh" | "snapshots/api.share" | "snapshots/api.delete" | "internaltools.location-transfer.write" | "internaltools.location-transfer.readonly" | "affiliateportal.write" | "affiliateportal.readonly" | "companies.write" | "internaltools.billing.write" | "internaltools.billing.readonly" | "internaltools.billing-common.readonly" | "internaltools.billing-common.write" | "voice-ai-agents.write" | "voice-ai-agents.readonly" | "voice-ai-common.readonly" | "voice-ai-common.write" | "voice-ai-agent-goals.readonly" | "voice-ai-agent-goals.write" | "voice-ai-dashboard.readonly" | "agency/launchpad.write" | "agency/launchpad.readonly" | "launchpad/location.write" | "launchpad/location.readonly" | "text-ai-agents.write" | "text-ai-agent-goals.readonly" | "text-ai-agent-goals.write" | "text-ai-agent-training.write" | "text-ai-agents-dashboard.readonly" | "locations.create" | "locations.delete" | "locations.export.list" | "locations.features-limits.manage" | "locations.pause-resume" | "locations.agency-subaccounts.manage" | "locations.billing.manage" | "locations.details.manage" | "audit-logs.readonly" | "audit-logs.export";
            roles?: components["schemas"]["users.RoleSchema"];
            deleted?: boolean;
            lcPhone?: Record<string, never>;
            /** @enum {string} */
            platformLanguage?: "en_US" | "es" | "fr_CA" | "fr_FR" | "nl" | "de" | "pt_PT" | "pt_BR" | "it" | "sv" | "da" | "fi" | "no";
        };
        "workflows.BadRequestDTO": {
            statusCode?: number;
            message?: string;
        };
        "workflows.GetWorkflowSuccessfulResponseDto": {
            workflows?: components["schemas"]["workflows.WorkflowSchema"][];
        };
        "workflows.UnauthorizedDTO": {
            statusCode?: number;
            message?: string;
            error?: string;
        };
        "workflows.UnprocessableDTO": {
            statusCode?: number;
            message?: string[];
            error?: string;
        };
        "workflows.WorkflowSchema": {
            id?: string;
            name?: string;
            status?: string;
            version?: number;
            createdAt?: string;
            updatedAt?: string;
            locationId?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    "get-calendars": {
        parameters: {
            query: {
                locationId: string;
                groupId?: string;
                showDrafted?: boolean;
            };
            header: {
                Version: "2021-04-15";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["calendars.CalendarsGetSuccessfulResponseDTO"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["calendars.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["calendars.UnauthorizedDTO"];
                };
            };
        };
    };
    "get-all-tasks": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.TasksListSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
        };
    };
    "create-task": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.CreateTaskParams"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.TaskByIsSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "delete-task": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.DeleteTaskSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
        };
    };
    "add-tags": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.TagsDTO"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.CreateAddTagSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "remove-tags": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.TagsDTO"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.CreateDeleteTagSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "get-all-notes": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.GetNotesListSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
        };
    };
    "create-note": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.NotesDTO"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.GetCreateUpdateNoteSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "delete-note": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.DeleteNoteSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "get-contact": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.ContactsByIdSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "update-contact": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.UpdateContactDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UpdateContactsSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "add-contact-to-workflow": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
                workflowId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.CreateWorkflowDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.ContactsWorkflowSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "delete-contact-from-workflow": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                contactId: string;
                workflowId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["contacts.CreateWorkflowDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.ContactsWorkflowSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["contacts.UnprocessableDTO"];
                };
            };
        };
    };
    "search-conversation": {
        parameters: {
            query: {
                locationId: string;
                contactId?: string;
                assignedTo?: string;
                followers?: string;
                mentions?: string;
                query?: string;
                sort?: "asc" | "desc";
                startAfterDate?: number;
                id?: string;
                limit?: number;
                lastMessageType?: "TYPE_CALL" | "TYPE_SMS" | "TYPE_RCS" | "TYPE_EMAIL" | "TYPE_SMS_REVIEW_REQUEST" | "TYPE_WEBCHAT" | "TYPE_SMS_NO_SHOW_REQUEST" | "TYPE_CAMPAIGN_SMS" | "TYPE_CAMPAIGN_CALL" | "TYPE_CAMPAIGN_EMAIL" | "TYPE_CAMPAIGN_VOICEMAIL" | "TYPE_FACEBOOK" | "TYPE_CAMPAIGN_FACEBOOK" | "TYPE_CAMPAIGN_MANUAL_CALL" | "TYPE_CAMPAIGN_MANUAL_SMS" | "TYPE_GMB" | "TYPE_CAMPAIGN_GMB" | "TYPE_REVIEW" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_CUSTOM_SMS" | "TYPE_CUSTOM_EMAIL" | "TYPE_CUSTOM_PROVIDER_SMS" | "TYPE_CUSTOM_PROVIDER_EMAIL" | "TYPE_IVR_CALL" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_LIVE_CHAT_INFO_MESSAGE" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_FACEBOOK_COMMENT" | "TYPE_INSTAGRAM_COMMENT" | "TYPE_CUSTOM_CALL" | "TYPE_INTERNAL_COMMENT" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_TIKTOK" | "TYPE_TIKTOK_COMMENT" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION" | "TYPE_SMS_REACTION";
                lastMessageAction?: "automated" | "manual";
                lastMessageDirection?: "inbound" | "outbound";
                status?: "all" | "read" | "unread" | "starred" | "recents";
                sortBy?: "last_manual_message_date" | "last_message_date" | "score_profile" | "overdue_at" | "due_at";
                sortScoreProfile?: string;
                scoreProfile?: string;
                scoreProfileMin?: number;
                scoreProfileMax?: number;
                startDate?: number;
                endDate?: number;
            };
            header: {
                Version: "2021-04-15";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.SendConversationResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.UnauthorizedDTO"];
                };
            };
        };
    };
    "get-email-by-id": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-04-15";
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.GetEmailMessageResponseDto"];
                };
            };
        };
    };
    "get-messages": {
        parameters: {
            query?: {
                lastMessageId?: string;
                limit?: number;
                type?: "TYPE_CALL" | "TYPE_SMS" | "TYPE_RCS" | "TYPE_EMAIL" | "TYPE_FACEBOOK" | "TYPE_GMB" | "TYPE_INSTAGRAM" | "TYPE_WHATSAPP" | "TYPE_ACTIVITY_APPOINTMENT" | "TYPE_ACTIVITY_CONTACT" | "TYPE_ACTIVITY_INVOICE" | "TYPE_ACTIVITY_PAYMENT" | "TYPE_ACTIVITY_OPPORTUNITY" | "TYPE_LIVE_CHAT" | "TYPE_INTERNAL_COMMENTS" | "TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG" | "TYPE_TIKTOK" | "TYPE_ACTIVITY_WHATSAPP" | "TYPE_FORM_SUBMISSION";
            };
            header: {
                Version: "2021-04-15";
            };
            path: {
                conversationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.GetMessagesByConversationResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.UnauthorizedDTO"];
                };
            };
        };
    };
    "send-a-new-message": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-04-15";
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["conversations.SendMessageBodyDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.SendMessageResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["conversations.UnauthorizedDTO"];
                };
            };
        };
    };
    "get-location": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                locationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.GetLocationByIdSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnprocessableDTO"];
                };
            };
        };
    };
    "get-location-tags": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                locationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.LocationTagsSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnprocessableDTO"];
                };
            };
        };
    };
    "task-search": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                locationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["locations.TaskSearchParamsDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.LocationTaskListSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnprocessableDTO"];
                };
            };
        };
    };
    "get-custom-fields": {
        parameters: {
            query?: {
                model?: "contact" | "opportunity" | "all";
            };
            header: {
                Version: "2021-07-28";
            };
            path: {
                locationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.CustomFieldsListSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["locations.UnprocessableDTO"];
                };
            };
        };
    };
    "search-opportunity": {
        parameters: {
            query: {
                q?: string;
                location_id: string;
                pipeline_id?: string;
                pipeline_stage_id?: string;
                contact_id?: string;
                status?: "open" | "won" | "lost" | "abandoned" | "all";
                assigned_to?: string;
                campaignId?: string;
                id?: string;
                order?: string;
                endDate?: string;
                startAfter?: string;
                startAfterId?: string;
                date?: string;
                country?: string;
                page?: number;
                limit?: number;
                getTasks?: boolean;
                getNotes?: boolean;
                getCalendarEvents?: boolean;
            };
            header: {
                Version: "2021-07-28";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.SearchSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnprocessableDTO"];
                };
            };
        };
    };
    "get-pipelines": {
        parameters: {
            query: {
                locationId: string;
            };
            header: {
                Version: "2021-07-28";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.GetPipelinesSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnauthorizedDTO"];
                };
            };
        };
    };
    "get-opportunity": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.GetPostOpportunitySuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnprocessableDTO"];
                };
            };
        };
    };
    "update-opportunity": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["opportunities.UpdateOpportunityDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.GetPostOpportunitySuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnprocessableDTO"];
                };
            };
        };
    };
    "delete-opportunity": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.DeleteUpdateOpportunitySuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnprocessableDTO"];
                };
            };
        };
    };
    "create-opportunity": {
        parameters: {
            query?: never;
            header: {
                Version: "2021-07-28";
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["opportunities.CreateDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.GetPostOpportunitySuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["opportunities.UnprocessableDTO"];
                };
            };
        };
    };
    "active-numbers": {
        parameters: {
            query?: {
                pageSize?: number;
                page?: number;
                searchFilter?: string;
                skipNumberPool?: boolean;
            };
            header: {
                Version: "2021-07-28";
            };
            path: {
                locationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        numbers: components["schemas"]["phone-system.DetailedPhoneNumberDto"][];
                        isUnderGhl: boolean;
                        pageSize: number;
                        page: number;
                        /** @enum {string} */
                        accountStatus: "active" | "suspended" | "closed";
                    };
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message?: string;
                        error?: string;
                        statusCode?: number;
                    };
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["phone-system.UnauthorizedDTO"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message?: string;
                        statusCode?: number;
                    };
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        msg?: string;
                        accountStatus?: string;
                    };
                };
            };
        };
    };
    "get-user-by-location": {
        parameters: {
            query: {
                locationId: string;
            };
            header: {
                Version: "2021-07-28";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["users.LocationSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["users.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["users.UnauthorizedDTO"];
                };
            };
        };
    };
    "get-workflow": {
        parameters: {
            query: {
                locationId: string;
            };
            header: {
                Version: "2021-07-28";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["workflows.GetWorkflowSuccessfulResponseDto"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["workflows.BadRequestDTO"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["workflows.UnauthorizedDTO"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["workflows.UnprocessableDTO"];
                };
            };
        };
    };
}

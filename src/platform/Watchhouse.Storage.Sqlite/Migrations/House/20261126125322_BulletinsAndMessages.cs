using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class BulletinsAndMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Category",
                table: "Notices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "BulletinCopies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    BulletinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    ToAll = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reply = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    AcknowledgedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AcknowledgedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AnsweredBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    IsLate = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    Actions = table.Column<string>(type: "TEXT", nullable: false),
                    Severity = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Handling = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Instructions = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    AnswerBy = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Correction = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    PublishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnBecause = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BulletinCopies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BulletinEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    BulletinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    By = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BulletinEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BulletinReceipts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    BulletinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    Reply = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AcknowledgedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    By = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    IsLate = table.Column<bool>(type: "INTEGER", nullable: false),
                    Chases = table.Column<int>(type: "INTEGER", nullable: false),
                    ChasedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BulletinReceipts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Bulletins",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Addressed = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NextChaseAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ChasedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Chases = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    Actions = table.Column<string>(type: "TEXT", nullable: false),
                    Severity = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Handling = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Instructions = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    AnswerBy = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Correction = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    PublishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnBecause = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bulletins", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BulletinSteps",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    BulletinId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CopyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    Reply = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    By = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    IsLate = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BulletinSteps", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    NoticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Channel = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Recipient = table.Column<Guid>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    IsUrgent = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Looks = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Words = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ProviderId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeliveredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FailedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NoticeEndpoints",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Channel = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    SealedAddress = table.Column<string>(type: "TEXT", maxLength: 8000, nullable: false),
                    Host = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    SealedSecret = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    SealedBefore = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    BeforeUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    LeastSeverity = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    IsOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeEndpoints", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NoticePreferences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    EmailFrom = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    TextFrom = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    SealedPhone = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    PhoneHint = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    QuietFrom = table.Column<int>(type: "INTEGER", nullable: true),
                    QuietUntil = table.Column<int>(type: "INTEGER", nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticePreferences", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_BulletinCopies_BulletinId_To",
                table: "BulletinCopies",
                columns: new[] { "BulletinId", "To" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BulletinCopies_ForceId",
                table: "BulletinCopies",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_BulletinCopies_ForceId_PublishedAt",
                table: "BulletinCopies",
                columns: new[] { "ForceId", "PublishedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_BulletinEntries_BulletinId_At",
                table: "BulletinEntries",
                columns: new[] { "BulletinId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_BulletinEntries_ForceId",
                table: "BulletinEntries",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_BulletinReceipts_BulletinId_From",
                table: "BulletinReceipts",
                columns: new[] { "BulletinId", "From" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BulletinReceipts_ForceId",
                table: "BulletinReceipts",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Bulletins_ForceId",
                table: "Bulletins",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Bulletins_ForceId_CreatedAt",
                table: "Bulletins",
                columns: new[] { "ForceId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Bulletins_NextChaseAt",
                table: "Bulletins",
                column: "NextChaseAt");

            migrationBuilder.CreateIndex(
                name: "IX_BulletinSteps_BulletinId_At",
                table: "BulletinSteps",
                columns: new[] { "BulletinId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_BulletinSteps_ForceId",
                table: "BulletinSteps",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_Channel_NextAt",
                table: "Deliveries",
                columns: new[] { "Channel", "NextAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_ForceId",
                table: "Deliveries",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_ForceId_Channel_FailedAt",
                table: "Deliveries",
                columns: new[] { "ForceId", "Channel", "FailedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_NoticeId_Channel_Recipient",
                table: "Deliveries",
                columns: new[] { "NoticeId", "Channel", "Recipient" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_NoticeEndpoints_ForceId",
                table: "NoticeEndpoints",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_NoticePreferences_ForceId",
                table: "NoticePreferences",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_NoticePreferences_ForceId_PersonId",
                table: "NoticePreferences",
                columns: new[] { "ForceId", "PersonId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BulletinCopies");

            migrationBuilder.DropTable(
                name: "BulletinEntries");

            migrationBuilder.DropTable(
                name: "BulletinReceipts");

            migrationBuilder.DropTable(
                name: "Bulletins");

            migrationBuilder.DropTable(
                name: "BulletinSteps");

            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "NoticeEndpoints");

            migrationBuilder.DropTable(
                name: "NoticePreferences");

            migrationBuilder.DropColumn(
                name: "Category",
                table: "Notices");
        }
    }
}

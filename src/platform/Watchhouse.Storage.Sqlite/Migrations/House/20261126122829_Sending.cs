using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Sending : Migration
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

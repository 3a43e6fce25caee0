using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Estate : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "EstateLimits",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false),
                    Never = table.Column<string>(type: "TEXT", nullable: false),
                    ServersToo = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EstateLimits", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EstateRegistrations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ClientId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Credential = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SealedCredential = table.Column<string>(type: "TEXT", maxLength: 32000, nullable: true),
                    CredentialFile = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    CredentialExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Kinds = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    CheckedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CheckProblem = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EstateRegistrations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Severity = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Words = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Link = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Roles = table.Column<string>(type: "TEXT", nullable: false),
                    People = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentOutAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_EstateLimits_ForceId",
                table: "EstateLimits",
                column: "ForceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EstateRegistrations_ForceId",
                table: "EstateRegistrations",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_ForceId",
                table: "Notices",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_ForceId_Key",
                table: "Notices",
                columns: new[] { "ForceId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Notices_SentOutAt_CreatedAt",
                table: "Notices",
                columns: new[] { "SentOutAt", "CreatedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "EstateLimits");

            migrationBuilder.DropTable(
                name: "EstateRegistrations");

            migrationBuilder.DropTable(
                name: "Notices");
        }
    }
}
